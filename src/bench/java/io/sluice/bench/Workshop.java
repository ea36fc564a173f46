package io.sluice.bench;

import io.sluice.testing.ChildProcess;
import io.sluice.testing.Folders;
import io.sluice.testing.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all runs of a bench share: the broker, the unpacked distribution, how JVMs are started. */
final class Workshop implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration INSTALL = Duration.ofMinutes(3);
  private static final List<String> NODE_PACKAGES = List.of("ws@8.18.0", "kafkajs@2.2.4");

  private final Options options;
  private final Path brokerData;
  private final ChildProcess broker;
  private final String brokers;
  private final Map<String, Double> rates = new HashMap<>();

  /** Null until it is unpacked. */
  private @Nullable Path distribution;

  Workshop(Options options) {
    this.options = options;
    try {
      Files.createDirectories(options.directory());
      brokerData = Files.createTempDirectory(options.directory(), "kafka-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    broker = java("broker", BrokerProcess.class, "-Xmx768m", brokerData.toString());
    brokers =
        broker
            .awaitLine(line -> line.startsWith(BrokerProcess.LISTENS), START)
            .substring(BrokerProcess.LISTENS.length());
  }

  Options options() {
    return options;
  }

  /** What clients set as {@code bootstrap.servers}. */
  String brokers() {
    return brokers;
  }

  /** The most deliveries a second that {@code subject} has reached in {@code scenario} so far. */
  double bestRate(String scenario, String subject) {
    return rates.getOrDefault(scenario + " " + subject, 0.0);
  }

  /** Remembers a rate, from which follows how much the next run has to hold. */
  void learnRate(String scenario, String subject, double rate) {
    rates.merge(scenario + " " + subject, rate, Math::max);
  }

  /** Seconds of processor time that the broker has taken so far. */
  double brokerCpuSeconds() {
    return ProcStat.of(broker.pid()).cpuSeconds();
  }

  Topics topics() {
    return new Topics(brokers);
  }

  /** Starts {@code main} in a JVM with the flags of the distribution and {@code heap}. */
  ChildProcess java(String name, Class<?> main, String heap, String... arguments) {
    return java(name, main, heap, List.of(), "", Arrays.asList(arguments));
  }

  /** As {@link #java(String, Class, String, String...)}, with more flags. */
  ChildProcess java(
      String name,
      Class<?> main,
      String heap,
      List<String> flags,
      String moreFlags,
      List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags());
    command.addAll(flags);
    command.addAll(moreFlags.isEmpty() ? List.of() : List.of(moreFlags.split(" ")));
    command.addAll(List.of("-XX:+UseG1GC", heap, "-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(arguments);
    return ChildProcess.start(name, command);
  }

  /** Flags that the build gives to every JVM, which this one runs with too. */
  private static List<String> flags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--") || flag.startsWith("-XX:+UseCompact"))
        .toList();
  }

  /**
   * The distribution, which is unpacked when first asked for: an older bench may have left another.
   */
  Path distribution() {
    Path known = distribution;
    if (known != null) {
      return known;
    }
    Path home = options.directory().resolve("sluice");
    String packed = options.distribution().toAbsolutePath().toString();
    try {
      if (Files.exists(home)) {
        Folders.delete(home);
      }
      Files.createDirectories(home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run(List.of("tar", "xzf", packed, "--strip-components=1"), home);
    distribution = home;
    return home;
  }

  /** Where Node finds its packages; fails with a word where it does not. */
  Path nodePackages() {
    if (ChildProcess.program("node").isEmpty() || ChildProcess.program("npm").isEmpty()) {
      throw new BenchException("Node or npm is not installed");
    }
    Path home = options.directory().resolve("node");
    if (!Files.isDirectory(home.resolve("node_modules/kafkajs"))) {
      try {
        Files.createDirectories(home);
        Files.writeString(home.resolve("package.json"), "{\"private\":true}\n");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      List<String> install = new ArrayList<>(List.of("npm", "install", "--no-audit", "--no-fund"));
      install.addAll(NODE_PACKAGES);
      run(install, home);
    }
    return home;
  }

  private static void run(List<String> command, Path folder) {
    List<String> inFolder =
        new ArrayList<>(List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", folder.toString()));
    inFolder.addAll(command);
    try (ChildProcess process = ChildProcess.start(command.getFirst(), inFolder, Map.of())) {
      if (process.awaitExit(INSTALL) != 0) {
        throw new BenchException(String.join(" ", command) + " failed: " + process.output());
      }
    }
  }

  @Override
  public void close() {
    broker.close();
    Folders.delete(brokerData);
  }
}
