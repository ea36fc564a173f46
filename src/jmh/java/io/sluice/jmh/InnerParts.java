package io.sluice.jmh;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks of the inner parts with JMH's own arguments, each side in a JVM of its own,
 * and prints them side by side.
 */
public final class InnerParts {
  private static final int WARM_UPS = 3;
  private static final int ITERATIONS = 10;
  private static final TimeValue ITERATION = TimeValue.milliseconds(400);

  private InnerParts() {}

  /** {@code args} are those of {@code org.openjdk.jmh.Main}: a pattern of names, and options. */
  public static void main(String[] args) throws CommandLineOptionException, RunnerException {
    CommandLineOptions asked = new CommandLineOptions(args);
    Collection<RunResult> results = new Runner(withDefaults(asked)).run();
    InnerTable table = new InnerTable();
    results.forEach(result -> table.add(figure(result)));
    System.out.print(table.markdown());
  }

  private static Options withDefaults(CommandLineOptions asked) {
    OptionsBuilder options = new OptionsBuilder();
    options.parent(asked);
    options.mode(Mode.AverageTime).timeUnit(TimeUnit.NANOSECONDS).addProfiler(GCProfiler.class);
    options.forks(asked.getForkCount().orElse(1));
    options.warmupIterations(asked.getWarmupIterations().orElse(WARM_UPS));
    options.warmupTime(asked.getWarmupTime().orElse(ITERATION));
    options.measurementIterations(asked.getMeasurementIterations().orElse(ITERATIONS));
    options.measurementTime(asked.getMeasurementTime().orElse(ITERATION));
    options.shouldFailOnError(true);
    options.jvmArgsAppend(
        "-Djmh.executor=CUSTOM", "-Djmh.executor.class=" + EventLoopThreads.class.getName());
    return options.build();
  }

  private static InnerTable.Figure figure(RunResult run) {
    BenchmarkParams params = run.getParams();
    String name = params.getBenchmark();
    int side = name.lastIndexOf('.');
    int part = name.lastIndexOf('.', side - 1);
    Map<String, String> values = new TreeMap<>();
    params.getParamsKeys().forEach(key -> values.put(key, params.getParam(key)));
    Result<?> allocated = run.getSecondaryResults().get("gc.alloc.rate.norm");
    return new InnerTable.Figure(
        name.substring(part + 1, side).replace("Benchmark", ""),
        values,
        name.substring(side + 1),
        best(run),
        run.getPrimaryResult().getScore(),
        run.getPrimaryResult().getScoreError(),
        allocated == null ? Double.NaN : allocated.getScore());
  }

  private static double best(RunResult run) {
    return run.getBenchmarkResults().stream()
        .flatMap(fork -> fork.getIterationResults().stream())
        .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())
        .min()
        .orElse(Double.NaN);
  }
}
