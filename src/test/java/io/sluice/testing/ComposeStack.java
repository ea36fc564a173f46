package io.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The containers of {@code deploy/compose.yml}, built from the distribution that stands in {@code
 * target}: Kafka, {@code gateway-1} and {@code gateway-2}, and HAProxy.
 */
public final class ComposeStack implements AutoCloseable {
  private static final Duration BUILD = Duration.ofMinutes(5);
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration COMMAND = Duration.ofSeconds(60);
  private static final String FILE = "deploy/compose.yml";

  private final List<String> compose;
  private final int httpPort = Balancer.freePort();
  private final int kafkaPort = Balancer.freePort();

  private ComposeStack(List<String> compose) {
    this.compose = compose;
  }

  /** Whether this machine has an engine and something that reads such files. */
  public static boolean isPossible() {
    return ContainerEngine.answers() && !command().isEmpty();
  }

  /** {@code docker compose}, or the older {@code docker-compose}; empty where there is neither. */
  private static List<String> command() {
    return List.of(List.of("docker", "compose"), List.of("docker-compose")).stream()
        .filter(command -> ChildProcess.program(command.getFirst()).isPresent())
        .filter(command -> {
          List<String> asking = new ArrayList<>(command);
          asking.add("version");
          try (ChildProcess version = ChildProcess.start("compose", asking)) {
            return version.awaitExit(COMMAND) == 0;
          }
        })
        .findFirst()
        .orElse(List.of());
  }

  /** Builds the image, and starts all; returns when a client is served. */
  public static ComposeStack up() {
    ComposeStack stack = new ComposeStack(command());
    try {
      stack.run(BUILD, "build", "gateway-1");
      stack.run(START, "up", "-d", "--no-build");
      // HAProxy takes a server for up until its first check; only what is ready stays so.
      for (String gateway : List.of("gateway-1", "gateway-2")) {
        Eventually.until(
            () -> stack.isReady(gateway), START, () -> gateway + " does not become ready.");
      }
      Eventually.until(
          stack::isServing, START, () -> "Nobody is served:\n" + stack.run(COMMAND, "logs"));
      return stack;
    } catch (RuntimeException | AssertionError e) {
      stack.close();
      throw e;
    }
  }

  private boolean isReady(String gateway) {
    return inside(
            gateway,
            "bash",
            "-c",
            "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/readiness HTTP/1.0\\r\\n\\r\\n' >&3"
                + " && head -1 <&3 || true")
        .contains(" 200");
  }

  private boolean isServing() {
    try (TestClient client = TestClient.connect(ws())) {
      return client.call(Json.message("ping")).path("type").asText().equals("pong");
    } catch (RuntimeException | AssertionError notYet) {
      return false;
    }
  }

  /** Where the protocol is spoken, through HAProxy. */
  public URI ws() {
    return Gateway.ws(httpPort);
  }

  /** Kafka, as this machine reaches it. */
  public Broker broker() {
    return Broker.at("127.0.0.1:" + kafkaPort);
  }

  /** SIGTERM; waits for its end, and returns the exit code. */
  public int stop(String service) {
    run(COMMAND, "stop", service);
    return Integer.parseInt(inspect(service, "{{.State.ExitCode}}"));
  }

  /** Starts a service that has ended. */
  public void start(String service) {
    run(COMMAND, "start", service);
  }

  /** SIGKILL. */
  public void kill(String service) {
    run(COMMAND, "kill", "-s", "SIGKILL", service);
  }

  /** What the engine says of a service's container, such as {@code {{.State.Health.Status}}}. */
  public String inspect(String service, String format) {
    String id = run(COMMAND, "ps", "-a", "-q", service).strip();
    try (ChildProcess docker =
        ChildProcess.start("docker", List.of("docker", "inspect", "-f", format, id))) {
      assertThat(docker.awaitExit(COMMAND)).as("%s", docker).isZero();
      return String.join("\n", docker.output());
    }
  }

  /** Runs a command inside a service's container, and returns what it says. */
  public String inside(String service, String... command) {
    List<String> arguments = new ArrayList<>(List.of("exec", "-T", service));
    arguments.addAll(List.of(command));
    return run(COMMAND, arguments.toArray(String[]::new));
  }

  private String run(Duration patience, String... arguments) {
    List<String> command = new ArrayList<>(compose);
    command.addAll(List.of("-p", "sluice-it", "-f", FILE));
    command.addAll(List.of(arguments));
    Map<String, String> ports =
        Map.of("HTTP_PORT", Integer.toString(httpPort), "KAFKA_PORT", Integer.toString(kafkaPort));
    try (ChildProcess process = ChildProcess.start("compose", command, ports)) {
      assertThat(process.awaitExit(patience)).as("%s %s", command, process).isZero();
      return String.join("\n", process.output());
    }
  }

  /** Removes everything but the images. */
  @Override
  public void close() {
    run(COMMAND, "down", "-v", "-t", "1");
  }
}
