package io.sluice.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Whether a container engine is there, without the second that Testcontainers takes to find out:
 * one question at the address that {@code DOCKER_HOST} names, else at Docker's usual socket.
 */
public final class ContainerEngine {
  private static final String USUAL = "unix:///var/run/docker.sock";
  private static final long PATIENCE_MILLIS = 1_000;

  private ContainerEngine() {}

  /** Whether it answers at once. */
  public static boolean answers() {
    URI host = URI.create(Optional.ofNullable(System.getenv("DOCKER_HOST")).orElse(USUAL));
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> answer.complete(ask(host)));
    return answer.completeOnTimeout(false, PATIENCE_MILLIS, TimeUnit.MILLISECONDS).join();
  }

  private static boolean ask(URI host) {
    return switch (String.valueOf(host.getScheme())) {
      case "unix" -> ask(StandardProtocolFamily.UNIX, UnixDomainSocketAddress.of(host.getPath()));
      case "tcp" ->
          ask(StandardProtocolFamily.INET, new InetSocketAddress(host.getHost(), host.getPort()));
      default -> false;
    };
  }

  private static boolean ask(ProtocolFamily family, SocketAddress address) {
    try (SocketChannel channel = SocketChannel.open(family)) {
      channel.connect(address);
      channel.write(ascii("GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n"));
      ByteBuffer answer = ByteBuffer.allocate("HTTP/1.x 200".length());
      while (answer.hasRemaining() && channel.read(answer) >= 0) {
        continue; // a status line may come in pieces
      }
      return StandardCharsets.US_ASCII.decode(answer.flip()).toString().endsWith(" 200");
    } catch (IOException nobody) {
      return false;
    }
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
