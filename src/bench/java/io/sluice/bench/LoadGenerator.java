package io.sluice.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The load generator's process. It takes commands on standard input, each answered by a line of
 * JSON; one process serves a whole bench, so that its code is compiled when it matters:
 *
 * <ul>
 *   <li>{@code plan json}: drops all sockets; what follows is about this {@link LoadPlan}
 *   <li>{@code connect n}: so many sockets in all, connected, and subscribed where the plan says so
 *   <li>{@code go}: the run; answered at once with the moment
 *   <li>{@code report}: what has come so far
 *   <li>{@code finish}: waits for the run's end and tells what came
 * </ul>
 */
public final class LoadGenerator {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long CONNECT_PATIENCE_NANOS = 120_000_000_000L;

  private final LoadPlan plan;
  private final LoadCounters counters = new LoadCounters();
  private final LoadLoop loop;
  private int sockets;
  private long wentAt;
  private double cpuAtGo;

  /** Null until the run begins. */
  private @Nullable Newcomers newcomers;

  private LoadGenerator(LoadPlan plan) {
    this.plan = plan;
    this.loop = new LoadLoop(plan, counters);
    Thread.ofPlatform().daemon().name("load").start(loop);
  }

  /** See the class. */
  public static void main(String[] args) throws IOException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    @Nullable LoadGenerator generator = null;
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String[] words =
          line.split(" ", 3); // a number that makes the answer known, the command, its argument
      ObjectNode answer;
      if (words[1].equals("plan")) {
        if (generator != null) {
          generator.end();
        }
        generator = new LoadGenerator(LoadPlan.fromJson(words[2]));
        answer = MAPPER.createObjectNode();
      } else if (generator == null) {
        answer = MAPPER.createObjectNode().put("fault", words[1] + " came before any plan");
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
      case "report" -> report(System.nanoTime(), false);
      case "finish" -> finish();
      default -> MAPPER.createObjectNode().put("fault", "Unknown command: " + words[1]);
    };
  }

  private ObjectNode connect(int total) {
    long began = System.nanoTime();
    int more = total - sockets;
    sockets = total;
    loop.connect(total);
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
    loop.go();
    if (newcomers == null) {
      newcomers = new Newcomers(plan, counters);
    }
    return MAPPER.createObjectNode().put("at", wentAt);
  }

  private ObjectNode finish() {
    long deadline = wentAt + plan.seconds() * 1_000_000_000L;
    boolean publishing = plan.role() == LoadPlan.Role.PUBLISH;
    int reading = plan.reading(sockets);
    await(() -> !publishing && counters.finished() >= reading, deadline);
    boolean complete = publishing || counters.finished() >= reading;
    long endedAt = complete && !publishing ? counters.lastFinishedAt() : System.nanoTime();
    if (newcomers != null) {
      newcomers.close();
    }
    ObjectNode answer = report(endedAt, complete);
    loop.stop();
    return answer;
  }

  private ObjectNode report(long endedAt, boolean complete) {
    long deliveries = counters.deliveries();
    double cpu = ProcStat.self().cpuSeconds() - cpuAtGo;
    CompletableFuture<LoadLoop.Report> asked = new CompletableFuture<>();
    loop.report(asked::complete);
    LoadLoop.Report own = asked.join();
    Histogram latencies = own.latencies();
    ObjectNode answer =
        MAPPER
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
    if (plan.role() == LoadPlan.Role.READ) {
      tellOfReaders(answer, own, deliveries);
    }
    return answer;
  }

  private void tellOfReaders(ObjectNode answer, LoadLoop.Report own, long deliveries) {
    if (own.messages() > 0) {
      answer.put("recordsPerMessage", (double) deliveries / own.messages());
    }
    if (plan.subscription().apart() == 0) {
      answer.put("slowestShare", own.slowestShare());
    }
    if (plan.subscription().gaps()) {
      answer.put("gapShare", (double) own.gapRecords() / (own.gapRecords() + deliveries));
    }
    long[] took = newcomers == null ? new long[0] : newcomers.sorted().toArray();
    if (took.length > 0) {
      answer.put("newClientMs", took[took.length / 2] / 1e6);
      answer.put("newClientMaxMs", took[took.length - 1] / 1e6);
    }
  }

  private void end() {
    if (newcomers != null) {
      newcomers.close();
    }
    loop.end();
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
