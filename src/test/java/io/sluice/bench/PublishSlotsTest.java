package io.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PublishSlotsTest {
  private final PublishSlots slots =
      new PublishSlots(LoadPlan.publishing(1, "orders", 100, 32, 1));

  @Test
  void anAnswerTellsWhenItsPublishWasSent() {
    long before = System.nanoTime();
    slots.begin();
    long after = System.nanoTime();
    slots.stop(); // nobody takes from here what would be sent next
    assertThat(answer("{\"type\":\"published\",\"id\":31,\"records\":[{}]}")).isBetween(before, after);
  }

  @Test
  void aFailureIsNoAnswer() {
    assertThat(answer("{\"type\":\"published\",\"id\":1,\"records\":[{\"error\":{}}]}"))
        .isEqualTo(PublishSlots.NO_ANSWER);
    assertThat(answer("{\"type\":\"published\",\"id\":32}")).isEqualTo(PublishSlots.NO_ANSWER);
    assertThat(answer("{\"type\":\"published\"}")).isEqualTo(PublishSlots.NO_ANSWER);
  }

  @Test
  void aPlanGoesToAnotherProcessAndBack() {
    LoadPlan plan = LoadPlan.publishing(1, "orders", 100, 32, 1);
    assertThat(LoadPlan.fromJson(plan.toJson())).isEqualTo(plan);
  }

  private long answer(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return slots.onAnswer(bytes, bytes.length);
  }
}
