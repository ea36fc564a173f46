package io.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LoadPlanTest {
  private final PublishSlots slots = new PublishSlots(LoadPlan.publishing(1, "orders", 100, 32, 1));

  @Test
  void anAnswerTellsWhenItsPublishWasSent() {
    long before = System.nanoTime();
    slots.begin();
    long after = System.nanoTime();
    slots.stop(); // nobody takes from here what would be sent next
    assertThat(answer("{\"type\":\"published\",\"id\":31,\"records\":[{}]}"))
        .isBetween(before, after);
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

  @Test
  void eachSocketOfASpreadBeginsWhereItsCommandSays() {
    LoadPlan plan = LoadPlan.reading(1, "orders", "\"latest\"", 100, 500).spread("orders", 10, 30);
    assertThat(plan.firstRecord(4)).isEqualTo(120);
    assertThat(plan.subscribe(4)).contains("\"from\":{\"positions\":{\"orders\":{\"0\":120}}}");
  }

  @Test
  void keysTakeTurnsAndBeginAtTheirFirstRecord() {
    LoadPlan plan = LoadPlan.reading(1, "orders", "\"latest\"", 100, 500).keyed("orders", 10);
    assertThat(plan.firstRecord(14)).isZero();
    assertThat(plan.subscribe(14)).contains("\"key\":\"k4\"");
  }

  private long answer(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return slots.onAnswer(bytes, bytes.length);
  }
}
