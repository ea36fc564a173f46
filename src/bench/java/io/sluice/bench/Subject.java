package io.sluice.bench;

import io.sluice.testing.ChildProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is measured: the gateway, or a baseline. */
sealed interface Subject {
  /** Long enough for an installation of packages that compiles. */
  Duration START = Duration.ofSeconds(60);

  /** How tables call it. */
  String name();

  /** Starts one; returns when it serves. */
  Running start(Workshop workshop, Work work);

  /**
   * What a subject has to know before it starts.
   *
   * @param valueBytes the size of a record's value
   * @param backlogRecords how many records a backlog has; 0: there is none
   * @param backlogReaders for each channel with a backlog, how many clients wait for it
   * @param heapFlags further flags for a JVM
   */
  record Work(
      int valueBytes, int backlogRecords, Map<String, Integer> backlogReaders, String heapFlags) {
    List<String> pairs() {
      return backlogReaders.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    }
  }

  /** The gateway as it is shipped. */
  record Sluice() implements Subject {
    private static final Pattern READY =
        Pattern.compile("Sluice is ready after .*: https?://[^:]+:(\\d+) ");

    @Override
    public String name() {
      return Table.GATEWAY;
    }

    @Override
    public Running start(Workshop workshop, Work work) {
      ChildProcess process =
          ChildProcess.start(
              name(),
              List.of(workshop.distribution().resolve("bin/sluice").toString()),
              Map.of(
                  "JAVA_HOME",
                  System.getProperty("java.home"),
                  "SLUICE_JAVA_OPTS",
                  "-Xmx512m " + work.heapFlags(),
                  "KAFKA_BOOTSTRAP_SERVERS",
                  workshop.brokers(),
                  "MICRONAUT_SERVER_HOST",
                  "127.0.0.1",
                  "MICRONAUT_SERVER_PORT",
                  "-1"));
      Matcher ready = READY.matcher(process.awaitLine(line -> READY.matcher(line).find(), START));
      if (!ready.find()) {
        throw new IllegalStateException("The line that tells the port has none.");
      }
      return new Running(process, Integer.parseInt(ready.group(1)), true);
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
      running.process().say("pace " + channel + " " + records + " " + rate);
    }
  }
}
