package io.sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.testing.ChildProcess;
import io.sluice.testing.Json;
import java.time.Duration;

/** The load generator as the controller sees it: each call waits for the answer. One thread. */
final class Load implements AutoCloseable {
  private final ChildProcess process;
  private int asked;

  /** For the run that is planned. */
  private Duration patience = Duration.ofSeconds(150);

  Load(Workshop workshop) {
    process = workshop.java("load", LoadGenerator.class, "-Xmx1g");
  }

  /** Drops all sockets and begins anew. */
  void plan(LoadPlan plan) {
    patience = Duration.ofSeconds(150L + plan.seconds());
    ask("plan " + plan.toJson());
  }

  /** Connects up to {@code total} sockets; returns connects per second. */
  double connect(int total) {
    JsonNode answer = checked(ask("connect " + total));
    if (answer.path("connected").asInt() != total) {
      throw new BenchException(
          "only " + answer.path("connected") + " of " + total + " clients were subscribed in time");
    }
    return answer.path("connectsPerSecond").asDouble();
  }

  /** The run begins. */
  void go() {
    checked(ask("go"));
  }

  /** What has come so far. */
  JsonNode report() {
    return checked(ask("report"));
  }

  /** Waits for the run's end. */
  JsonNode finish() {
    return checked(ask("finish"));
  }

  private static JsonNode checked(JsonNode answer) {
    String fault = answer.path("fault").asText();
    if (!fault.isEmpty()) {
      throw new BenchException(fault);
    }
    return answer;
  }

  private JsonNode ask(String command) {
    String number = "#" + ++asked + " ";
    process.say(number + command);
    return Json.read(
        process.awaitLine(line -> line.startsWith(number), patience).substring(number.length()));
  }

  @Override
  public void close() {
    process.close();
  }
}
