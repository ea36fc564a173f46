package io.sluice.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds TCP ports of the loopback address that nobody listens on. */
final class LoopbackPort {
  static final String HOST = "127.0.0.1";

  private LoopbackPort() {}

  /** The first free one of {@code wanted} and the {@code more} that follow it. */
  static int firstFree(int wanted, int more) {
    for (int port = wanted; port <= Math.min(wanted + more, 65_535); port++) {
      if (isFree(port)) {
        return port;
      }
    }
    throw new EmbeddedKafkaException(
        "The ports "
            + wanted
            + " to "
            + (wanted + more)
            + " are all taken;"
            + " set sluice.embedded-kafka.port to a free one.",
        null);
  }

  /** One that the system picks. */
  static int anyFree() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new EmbeddedKafkaException("No port of " + HOST + " can be opened.", e);
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // What a broker that just stopped left in TIME_WAIT does not make the port taken.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(HOST, port), 1);
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
