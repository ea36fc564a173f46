package io.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.Prerequisite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Speed is not lost unseen: a short W1 (docs/benchmarks.md) of the packed gateway beside the stock
 * one, by turns, on whatever machine this is. Only what the two came to within this run is
 * compared, or bytes; never a rate that was stored.
 */
class BenchGuardIT {
  private static final int RUNS = 3;
  private static final int WARM_SECONDS = 3;
  private static final int SECONDS = 3;
  private static final int SOCKETS = 200;
  private static final int VALUE_BYTES = 200;
  private static final int STORED = 150_000;
  private static final Subject SLUICE = new Subject.Sluice();
  private static final Subject STOCK = new Subject.Stock("stock");

  /**
   * Deliveries per CPU second, ours divided by the stock gateway's, at least. Single runs came to
   * 54 to 60 on a quiet machine and to 25 to 55 with ten times as many runnable threads as cores,
   * medians to 57 and 36: a median below the worst single run is no noise.
   */
  private static final double FLOOR_OF_RATIO = 20;

  /**
   * Bytes of heap allocated per delivery, at most. 10 to 14 were seen, quiet or not, nearly all of
   * it once per batch and shared by few sockets here; one more object per delivery is 16 and more.
   */
  private static final double CEILING_OF_ALLOCATION = 22;

  @TempDir private static Path directory;

  @Test
  void theGatewayKeepsItsDistanceFromTheStockOne() {
    Prerequisite.require(
        Files.exists(Path.of("/proc/self/stat")), "There is no /proc: speed is not guarded.");
    Scenario scenario =
        new Backlog(
            "guard",
            SOCKETS + " subscribers take the same backlog of 200 B records at once",
            SOCKETS,
            VALUE_BYTES,
            STORED,
            false,
            false,
            List.of(SLUICE, STOCK));
    List<RunResult> runs;
    try (Workshop workshop = new Workshop(options());
        Load load = new Load(workshop)) {
      runs = new Bench(workshop, load).measure(scenario);
    }
    String all = runs.stream().map(RunResult::toJson).collect(Collectors.joining("\n", "\n", "\n"));
    assertThat(runs.stream().filter(run -> run.subject().equals(SLUICE.name())))
        .as("Runs in which each socket got each record, once and in order:%s", all)
        .allMatch(RunResult::isGood);
    assertThat(new Table(runs).ratio(STOCK.name(), "deliveriesPerCpuSecond"))
        .as("Deliveries per CPU second, sluice / stock, run by run, median of all runs:%s", all)
        .hasValueSatisfying(ratio -> assertThat(ratio.median()).isGreaterThan(FLOOR_OF_RATIO));
    assertThat(allocation(runs).median())
        .as("Bytes of heap allocated per delivery, median of sluice's runs:%s", all)
        .isLessThan(CEILING_OF_ALLOCATION);
  }

  private static Spread allocation(List<RunResult> runs) {
    return Spread.of(
        runs.stream()
            .filter(run -> run.subject().equals(SLUICE.name()))
            .mapToDouble(run -> run.number("allocatedPerDelivery").orElseThrow()));
  }

  private static Options options() {
    String packed = "sluice-" + System.getProperty("build.version") + ".tar.gz";
    return new Options(
        Path.of(System.getProperty("build.directory"), packed),
        directory,
        directory,
        List.of(),
        List.of(),
        RUNS,
        WARM_SECONDS,
        SECONDS,
        1);
  }
}
