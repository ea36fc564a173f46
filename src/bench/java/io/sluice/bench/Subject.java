package io.sluice.bench;

import io.sluice.testing.ChildProcess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is measured: the gateway, or a baseline. */
sealed interface Subject {
  /** How tables call it. */
  String name();

  /** Starts one; returns when it serves. */
  Running start(Workshop workshop, Work work);

  /** What its clients do, where that is not quite what all clients do. */
  default LoadPlan clients(LoadPlan plan) {
    return plan;
  }

  /**
   * What a subject has to know before it starts.
   *
   * @param valueBytes the size of a record's value
   * @param backlogRecords how many records a backlog has; 0: there is none
   * @param backlogReaders for each channel with a backlog, how many clients wait for it
   * @param heapFlags further flags for a JVM
   * @param settings of the gateway, which no baseline has, as variables of its environment
   */
  record Work(
      int valueBytes,
      int backlogRecords,
      Map<String, Integer> backlogReaders,
      String heapFlags,
      Map<String, String> settings) {
    /** Live records only, and nothing else out of the ordinary. */
    static Work live(int valueBytes) {
      return new Work(valueBytes, 0, Map.of(), "", Map.of());
    }

    List<String> pairs() {
      return backlogReaders.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    }
  }

  /**
   * The gateway as it is shipped.
   *
   * @param name {@code sluice}, and what is special about it
   * @param gateways how many processes of it divide the clients
   * @param subprotocol how its clients talk
   * @param option one more option with which they subscribe, as JSON; empty: none
   */
  record Sluice(String name, int gateways, Subprotocol subprotocol, String option)
      implements Subject {
    private static final Pattern READY =
        Pattern.compile("Sluice is ready after .*: https?://[^:]+:(\\d+) ");

    /** One process, JSON, nothing special. */
    Sluice() {
      this(Table.GATEWAY, 1, Subprotocol.JSON, "");
    }

    @Override
    public LoadPlan clients(LoadPlan plan) {
      return plan.speaking(subprotocol).asking(option);
    }

    @Override
    public Running start(Workshop workshop, Work work) {
      Map<String, String> settings = new HashMap<>(work.settings);
      settings.put("JAVA_HOME", System.getProperty("java.home"));
      settings.put("SLUICE_JAVA_OPTS", "-Xmx512m " + work.heapFlags);
      settings.put("KAFKA_BOOTSTRAP_SERVERS", workshop.brokers());
      settings.put("MICRONAUT_SERVER_HOST", "127.0.0.1");
      settings.put("MICRONAUT_SERVER_PORT", "-1");
      String script = workshop.distribution().resolve("bin/sluice").toString();
      List<ChildProcess> processes =
          Stream.generate(() -> ChildProcess.start(name, List.of(script), settings))
              .limit(gateways)
              .toList();
      return Running.awaiting(processes, READY, true);
    }
  }

  /**
   * Netty's own handlers and {@code kafka-clients}.
   *
   * @param name {@code stock} or {@code tuned}
   */
  record Stock(String name) implements Subject {
    @Override
    public Running start(Workshop workshop, Work work) {
      List<String> arguments = new ArrayList<>(List.of(workshop.brokers(), name));
      arguments.addAll(work.pairs());
      return Running.baseline(
          workshop.java(
              name,
              StockGateway.class,
              "-Xmx512m",
              // Its queues have no bound; the JVM's own would end a run that memory has room for.
              List.of("-XX:MaxDirectMemorySize=4g"),
              work.heapFlags(),
              arguments),
          true);
    }
  }

  /** {@code ws} and {@code kafkajs}. */
  record Node() implements Subject {
    @Override
    public String name() {
      return "node";
    }

    @Override
    public Running start(Workshop workshop, Work work) {
      List<String> command =
          new ArrayList<>(
              List.of(
                  "sh",
                  "-c",
                  "cd \"$0\" && exec node --expose-gc \"$@\"",
                  workshop.nodePackages().toString(),
                  workshop.options().scripts().resolve("gateway.mjs").toAbsolutePath().toString(),
                  workshop.brokers()));
      command.addAll(work.pairs());
      return Running.baseline(ChildProcess.start(name(), command), false);
    }
  }

  /** A producer alone, which serves nobody: {@link Publishing} runs it. */
  record Bare() implements Subject {
    @Override
    public String name() {
      return "bare";
    }

    @Override
    public Running start(Workshop workshop, Work work) {
      throw new IllegalStateException("A bare producer does not serve.");
    }
  }

  /**
   * Ready-made frames.
   *
   * @param perWrite records in each write
   * @param threads how many threads write
   */
  record Raw(int perWrite, int threads) implements Subject {
    @Override
    public String name() {
      return "raw-" + perWrite + (threads == 1 ? "" : "x" + threads);
    }

    @Override
    public Running start(Workshop workshop, Work work) {
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  Integer.toString(threads),
                  Integer.toString(perWrite),
                  Integer.toString(work.valueBytes()),
                  Integer.toString(work.backlogRecords())));
      arguments.addAll(work.pairs());
      return Running.baseline(
          workshop.java(
              name(),
              RawWriter.class,
              "-Xmx2g",
              List.of("-XX:MaxDirectMemorySize=2g"),
              work.heapFlags(),
              arguments),
          true);
    }

    /** Makes records at their moments, as {@link Feed} does for the others. */
    void pace(Running running, String channel, long records, double rate) {
      running.processes().getFirst().say("pace " + channel + " " + records + " " + rate);
    }
  }
}
