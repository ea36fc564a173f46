package io.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class TableTest {
  private final List<RunResult> runs = new ArrayList<>();

  private void run(String subject, int run, double rate) {
    runs.add(new RunResult("W1", subject, run, Map.of("deliveriesPerSecond", rate), ""));
  }

  @Test
  void theMedianIsTheMiddleAndTheMeanOfTwo() {
    assertThat(Spread.of(DoubleStream.of(9, 1, 5))).isEqualTo(new Spread(5, 1, 9));
    assertThat(Spread.of(DoubleStream.of(4, 2))).isEqualTo(new Spread(3, 2, 4));
    assertThatThrownBy(() -> Spread.of(DoubleStream.empty())).hasMessageContaining("nothing");
  }

  @Test
  void ratiosAreTakenRunByRun() {
    run("sluice", 1, 100);
    run("stock", 1, 10);
    run("sluice", 2, 30);
    run("stock", 2, 1);
    run("sluice", 3, 40);
    run("stock", 3, 2);
    assertThat(new Table(runs).ratio("stock", "deliveriesPerSecond"))
        .contains(new Spread(20, 10, 30));
  }

  @Test
  void aRunThatOnlyOneOfThemHasIsInNoRatio() {
    run("sluice", 1, 100);
    run("stock", 1, 10);
    run("sluice", 2, 900);
    runs.add(new RunResult("W1", "stock", 2, Map.of(), "it fell over"));
    Table table = new Table(runs);
    assertThat(table.ratio("stock", "deliveriesPerSecond")).contains(new Spread(10, 10, 10));
    assertThat(table.markdown()).contains("stock, run 2, does not count: it fell over");
  }

  @Test
  void eachSubjectAndEachRatioHasItsLine() {
    run("sluice", 1, 2_500_000);
    run("node", 1, 12_500);
    assertThat(new Table(runs).markdown())
        .isEqualTo(
            """
            | subject | deliveries/s |
            | --- | --- |
            | sluice | 2.50 M |
            | node | 12.5 k |
            | sluice / node | 200 |
            """);
  }

  @Test
  void aRunThatDidNotGetThereSaysSo() {
    runs.add(new RunResult("W1L", "stock", 3, Map.of("complete", 0.0), ""));
    assertThat(new Table(runs).markdown()).contains("stock, run 3, ended before every socket");
  }

  @Test
  void numbersHaveThreeDigitsThatSaySomething() {
    assertThat(
            DoubleStream.of(0, 0.01234, 1.5, 23.456, 456.7, 1234, 45_678, 456_789, 23_456_789)
                .mapToObj(Spread::text))
        .containsExactly("0", "0.0123", "1.50", "23.5", "457", "1234", "45.7 k", "457 k", "23.5 M");
  }

  @Test
  void aRunIsOneLineOfJson() {
    run("sluice", 1, 1234.56789);
    assertThat(runs.getFirst().toJson())
        .isEqualTo(
            "{\"scenario\":\"W1\",\"subject\":\"sluice\",\"run\":1,\"deliveriesPerSecond\":1234.6}");
  }
}
