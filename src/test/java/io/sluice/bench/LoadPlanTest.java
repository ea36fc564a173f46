package io.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadPlanTest {
  private final PublishSlots slots =
      new PublishSlots(LoadPlan.publishing(List.of(1), "orders", 100, 32, 1));

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
    LoadPlan plan = LoadPlan.publishing(List.of(1), "orders", 100, 32, 1);
    assertThat(LoadPlan.fromJson(plan.toJson())).isEqualTo(plan);
  }

  @Test
  void eachSocketOfASpreadBeginsWhereItsCommandSays() {
    LoadPlan plan =
        LoadPlan.reading(List.of(1), "orders", "\"latest\"", 100, 500).spread("orders", 10, 30);
    assertThat(plan.firstRecord(4)).isEqualTo(120);
    assertThat(plan.subscribe(4)).contains("\"from\":{\"positions\":{\"orders\":{\"0\":120}}}");
  }

  @Test
  void keysTakeTurnsAndBeginAtTheirFirstRecord() {
    LoadPlan plan =
        LoadPlan.reading(List.of(1), "orders", "\"latest\"", 100, 500).keyed("orders", 10);
    assertThat(plan.firstRecord(14)).isZero();
    assertThat(plan.subscribe(14)).contains("\"key\":\"k4\"");
  }

  @Test
  void socketsOfEachKeyAreDividedOverAllGateways() {
    LoadPlan plan =
        LoadPlan.reading(List.of(7, 8, 9), "orders", "\"latest\"", 100, 500).keyed("orders", 10);
    assertThat(IntStream.of(4, 14, 24, 34).map(plan::port)).containsExactly(7, 8, 9, 7);
    assertThat(IntStream.range(0, 10).map(plan::port)).containsOnly(7);
  }

  @Test
  void anOptionIsOneMoreFieldOfTheCommand() {
    LoadPlan plan = LoadPlan.reading(List.of(1), "orders", "\"latest\"", 100, 500);
    assertThat(plan.keyed("orders", 10).asking("\"maxRate\":5").subscribe(3))
        .isEqualTo(
            "{\"type\":\"subscribe\",\"id\":0,\"channel\":\"orders\",\"key\":\"k3\",\"maxRate\":5}");
    assertThat(plan.asking("")).isEqualTo(plan);
    assertThat(plan.skipping().subscribe(0)).endsWith(",\"overflow\":\"skip\"}");
    assertThat(plan.skipping().subscription().gaps()).isTrue();
  }

  @Test
  void asManySocketsReadAsDoNotStall() {
    LoadPlan plan =
        LoadPlan.reading(List.of(1), "orders", "\"latest\"", 100, 500).sampling(50).stalling(20);
    for (int sockets : new int[] {0, 1, 2, 20, 21, 22, 1000}) {
      assertThat(IntStream.range(0, sockets).filter(number -> !plan.stalls(number)).count())
          .as(sockets + " sockets")
          .isEqualTo(plan.reading(sockets));
    }
  }

  private long answer(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return slots.onAnswer(bytes, bytes.length);
  }
}
