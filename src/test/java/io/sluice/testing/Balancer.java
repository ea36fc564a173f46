package io.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A balancer in front of gateways that runs the very file which is shipped in {@code deploy/}: only
 * addresses are filled in, and what a test says beside.
 */
public final class Balancer implements AutoCloseable {
  /** Whose balancer. */
  public enum Kind {
    /** Debian's {@code haproxy}. */
    HAPROXY("haproxy", "deploy/haproxy/haproxy.cfg", "bind :8080", "bind 127.0.0.1:%d") {
      @Override
      List<String> command(Path program, Path file) {
        return List.of(program.toString(), "-db", "-f", file.toString());
      }
    },
    /** Debian's {@code nginx}. */
    NGINX("nginx", "deploy/nginx/nginx.conf", "listen 8080;", "listen 127.0.0.1:%d;") {
      @Override
      List<String> command(Path program, Path file) {
        return List.of(
            program.toString(),
            "-c",
            file.toString(),
            "-g",
            "daemon off; pid " + file.resolveSibling("nginx.pid") + ";");
      }
    };

    private final String program;
    private final Path shipped;
    private final String listens;
    private final String listensHere;

    Kind(String program, String shipped, String listens, String listensHere) {
      this.program = program;
      this.shipped = Path.of(shipped);
      this.listens = listens;
      this.listensHere = listensHere;
    }

    /** In the foreground. */
    abstract List<String> command(Path program, Path file);

    /** Whether this machine has it. */
    public boolean isInstalled() {
      return ChildProcess.program(program).isPresent();
    }
  }

  private static final Duration START = Duration.ofSeconds(10);

  private final Path folder;
  private final ChildProcess process;
  private final int port;

  private Balancer(Kind kind, List<URI> gateways, Map<String, String> replacements) {
    this.port = freePort();
    Map<String, String> all = new LinkedHashMap<>(replacements);
    all.put(kind.listens, kind.listensHere.formatted(port));
    for (int i = 0; i < gateways.size(); i++) {
      all.put(" gateway-%d:8080".formatted(i + 1), " " + gateways.get(i).getAuthority());
    }
    try {
      this.folder = Files.createTempDirectory("sluice-balancer-");
      Path file =
          Files.writeString(
              folder.resolve(kind.shipped.getFileName()),
              replaced(Files.readString(kind.shipped), all));
      this.process =
          ChildProcess.start(
              kind.program, kind.command(ChildProcess.program(kind.program).orElseThrow(), file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Eventually.until(this::isServing, START, () -> "No gateway is reached through " + process);
  }

  /** Starts one in front of {@code gateways}; returns when it serves. */
  public static Balancer start(Kind kind, List<URI> gateways) {
    return start(kind, gateways, Map.of());
  }

  /**
   * As {@link #start(Kind, List)}, with some words of the file replaced, each of which it must have
   * once.
   */
  public static Balancer start(Kind kind, List<URI> gateways, Map<String, String> replacements) {
    return new Balancer(kind, gateways, replacements);
  }

  private static String replaced(String text, Map<String, String> replacements) {
    String result = text;
    for (Map.Entry<String, String> one : replacements.entrySet()) {
      assertThat(result).containsOnlyOnce(one.getKey());
      result = result.replace(one.getKey(), one.getValue());
    }
    return result;
  }

  /** A port that nobody has at this moment. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isServing() {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI readiness = URI.create("http://127.0.0.1:" + port + "/health/readiness");
      return http.send(
                  HttpRequest.newBuilder(readiness).timeout(START).build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("The test was interrupted.", e);
    }
  }

  /** Where the protocol is spoken. */
  public URI ws() {
    return Gateway.ws(port);
  }

  @Override
  public void close() {
    process.terminate(); // nginx's workers end with it, but not where it is killed
    process.awaitExit(START);
    process.close();
    Folders.delete(folder);
  }

  @Override
  public String toString() {
    return ws() + ", " + process;
  }
}
