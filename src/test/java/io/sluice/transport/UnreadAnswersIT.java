package io.sluice.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.Broker;
import io.sluice.testing.Gateway;
import io.sluice.testing.RawHttp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** A client that asks without end and reads none of the answers. */
class UnreadAnswersIT {
  /** What two kernels and one gateway may hold of requests, and more. */
  private static final long ENOUGH = 64L << 20;

  /** So long no byte more is taken: the gateway has stopped to read. */
  private static final long STUCK_MILLIS = 2_000;

  @Test
  void clientThatReadsNoAnswerIsNotReadWithoutEnd() throws IOException {
    try (Gateway gateway = Gateway.start(Broker.shared())) {
      int port = gateway.ws().getPort();
      byte[] requests =
          new RawHttp(port)
              .request("OPTIONS", "/v1/channels/x", "")
              .repeat(1_000)
              .getBytes(US_ASCII);
      assertThat(taken(port, requests)).isLessThan(ENOUGH);
    }
  }

  /** How many bytes are taken before no more are. */
  private static long taken(int port, byte[] requests) throws IOException {
    try (SocketChannel socket = SocketChannel.open();
        Selector selector = Selector.open()) {
      socket.setOption(StandardSocketOptions.SO_RCVBUF, 8 * 1024);
      socket.connect(new InetSocketAddress("127.0.0.1", port));
      socket.configureBlocking(false);
      socket.register(selector, SelectionKey.OP_WRITE);
      long taken = 0;
      ByteBuffer rest = ByteBuffer.wrap(requests);
      while (taken < ENOUGH && selector.select(key -> {}, STUCK_MILLIS) > 0) {
        taken += socket.write(rest);
        if (!rest.hasRemaining()) {
          rest.rewind();
        }
      }
      return taken;
    }
  }
}
