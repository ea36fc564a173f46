package io.sluice.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;

/**
 * The load generator's process. It takes commands on standard input, each answered by a line of
 * JSON; one process serves a whole bench, so that its code is compiled when it matters:
 *
 * <ul>
 *   <li>{@code plan json}: drops all sockets; what follows is about this {@link LoadPlan}
 *   <li>{@code connect n}: so many sockets in all, connected, and subscribed where the plan says so
 *   <li>{@code go}: the run; answered at once with the moment
 *   <li>{@code finish}: waits for the run's end and tells what came
 * </ul>
 */
public final class LoadGenerator {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long CONNECT_PATIENCE_NANOS = 120_000_000_000L;

  private final LoadPlan plan;
  private final LoadCounters counters = new LoadCounters();
  private final List<LoadLoop> loops = new ArrayList<>();
  private int sockets;
  private long wentAt;
  private double cpuAtGo;

  private LoadGenerator(LoadPlan plan) {
    this.plan = plan;
    for (int i = 0; i < plan.threads(); i++) {
      LoadLoop loop = new LoadLoop(plan, counters, i, plan.threads());
      loops.add(loop);
      Thread.ofPlatform().daemon().name("load-" + i).start(loop);
    }
  }

  /** See the class. */
  public static void main(String[] args) throws IOException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    LoadGenerator generator = new LoadGenerator(LoadPlan.reading(0, "", "", 200, 0));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String[] words =
          line.split(" ", 3); // a number that makes the answer known, the command, its argument
      ObjectNode answer;
      if (words[1].equals("plan")) {
        generator.loops.forEach(LoadLoop::end);
        generator = new LoadGenerator(LoadPlan.fromJson(words[2]));
        answer = MAPPER.createObjectNode();
      } else {
        answer = generator.answer(words);
      }
      System.out.println(words[0] + " " + answer);
    }
  }

  private ObjectNode answer(String[] words) {
    return switch (words[1]) {
      case "connect" -> connect(Integer.parseInt(words[2]));
      case "go" -> go();
      case "finish" -> finish();
      default -> MAPPER.createObjectNode().put("fault", "Unknown command: " + words[1]);
    };
  }

  private ObjectNode connect(int total) {
    long began = System.nanoTime();
    int more = total - sockets;
    sockets = total;
    loops.forEach(loop -> loop.connect(total));
    await(() -> counters.ready() >= total, began + CONNECT_PATIENCE_NANOS);
    double seconds = (counters.lastReadyAt() - began) / 1e9;
    return MAPPER
        .createObjectNode()
        .put("connected", counters.ready())
        .put("seconds", seconds)
        .put("connectsPerSecond", more / seconds)
        .put("fault", counters.firstFault());
  }

  private ObjectNode go() {
    wentAt = System.nanoTime();
    cpuAtGo = ProcStat.self().cpuSeconds();
    loops.forEach(LoadLoop::go);
    return MAPPER.createObjectNode().put("at", wentAt);
  }

  private ObjectNode finish() {
    long deadline = wentAt + plan.seconds() * 1_000_000_000L;
    boolean publishing = plan.role() == LoadPlan.Role.PUBLISH;
    await(() -> !publishing && counters.finished() >= reading(), deadline);
    boolean complete = publishing || counters.finished() >= reading();
    long endedAt = complete && !publishing ? counters.lastFinishedAt() : System.nanoTime();
    long deliveries = counters.deliveries();
    double cpu = ProcStat.self().cpuSeconds() - cpuAtGo;
    loops.forEach(LoadLoop::stop);
    Histogram latencies = latencies();
    return MAPPER
        .createObjectNode()
        .put("complete", complete)
        .put("finished", counters.finished())
        .put("deliveries", deliveries)
        .put("seconds", (endedAt - wentAt) / 1e9)
        .put("loadCpuSeconds", cpu)
        .put("sampled", latencies.getTotalCount())
        .put("p50ms", latencies.getValueAtPercentile(50) / 1e6)
        .put("p99ms", latencies.getValueAtPercentile(99) / 1e6)
        .put("p999ms", latencies.getValueAtPercentile(99.9) / 1e6)
        .put("maxms", latencies.getMaxValue() / 1e6)
        .put("meanms", latencies.getTotalCount() == 0 ? 0 : latencies.getMean() / 1e6)
        .put("faults", counters.faults())
        .put("fault", counters.firstFault());
  }

  /** How many sockets are to get all records. */
  private int reading() {
    return plan.stallOneIn() == 0
        ? sockets
        : sockets - (sockets + plan.stallOneIn() - 2) / plan.stallOneIn();
  }

  private Histogram latencies() {
    Histogram all = new Histogram(3);
    for (LoadLoop loop : loops) {
      CompletableFuture<Histogram> one = new CompletableFuture<>();
      loop.report(one::complete);
      all.add(one.join());
    }
    return all;
  }

  /** Until {@code condition}, a fault, or {@code deadline}. */
  private void await(BooleanSupplier condition, long deadline) {
    while (!condition.getAsBoolean()
        && counters.faults() == 0
        && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(1_000_000);
    }
  }
}
