package io.sluice.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.sluice.relay.Relay;
import io.sluice.relay.RelaySettings;
import io.sluice.testing.FakeLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Sockets with the real kernel in between, on one of Netty's transports: most have a peer that does
 * not read.
 */
abstract class SocketOutletContract {
  private static final int CHUNK = 64 * 1024;
  private static final int PATIENCE_SECONDS = 10;

  private final Class<? extends ServerChannel> serverChannel;
  private final EventLoopGroup loops;
  private final BlockingQueue<WebSocketConnection> connected = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<Channel> channels = new LinkedBlockingQueue<>();
  private Channel server;
  private Socket peer;
  private WebSocketConnection connection;

  SocketOutletContract(IoHandlerFactory io, Class<? extends ServerChannel> serverChannel) {
    this.loops = new MultiThreadIoEventLoopGroup(1, io);
    this.serverChannel = serverChannel;
  }

  @BeforeEach
  void connect() throws Exception {
    FakeLog log = new FakeLog(1);
    Relay relay =
        new Relay(RelaySettings.defaults(), log.readable(), new FrameEncoders(), System::nanoTime);
    TransportSettings settings =
        new TransportSettings(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            1 << 20,
            true,
            Set.of());
    Connections connections = new Connections(relay, settings.heartbeat());
    server =
        new ServerBootstrap()
            .group(loops)
            .channel(serverChannel)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channels.add(channel);
                    WebSocketHandler handler = new WebSocketHandler();
                    channel.pipeline().addLast(handler);
                    handler.open(ctx -> {
                      WebSocketConnection opened =
                          new WebSocketConnection(
                              ctx,
                              "test",
                              settings,
                              new TransportCounters(),
                              connections.on(channel.eventLoop()),
                              socket -> new Recorder());
                      connected.add(opened);
                      return opened;
                    });
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sync()
            .channel();
    peer = new Socket();
    peer.setReceiveBufferSize(CHUNK);
    peer.setSoTimeout(PATIENCE_SECONDS * 1000);
    peer.connect(server.localAddress());
    connection = connected.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
    server.close().syncUninterruptibly();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void slowSocketPinsNoSegmentAndLosesNoByte() throws Exception {
    ByteBuf segment = segment();
    int written = writeUntilNotClear(segment);
    assertThat(segment.refCnt()).as("references to the segment").isEqualTo(1);
    assertThat(onLoop(() -> connection.outlet().heldBytes())).isBetween(1, CHUNK);

    assertThat(events).doesNotContain("clear");
    byte[] received = peer.getInputStream().readNBytes(written);
    assertThat(received).isEqualTo(repeated(written));
    assertThat(events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("clear");
    assertThat(onLoop(() -> connection.outlet().isClear())).isTrue();
    segment.release();
  }

  @Test
  void controlFrameThatWaitsIsWaitedForToo() throws Exception {
    ByteBuf segment = segment();
    int written = writeUntilNotClear(segment);
    onLoop(() -> {
      connection.sendFrame(Unpooled.copiedBuffer(new byte[] {1, 2, 3}));
      return connection.outlet().isClear();
    });
    byte[] received = peer.getInputStream().readNBytes(written + 3);
    assertThat(Arrays.copyOfRange(received, written, written + 3)).isEqualTo(new byte[] {1, 2, 3});
    assertThat(events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("clear");
    assertThat(events).isEmpty();
    segment.release();
  }

  @Test
  void socketThatTakesNoByteIsClosedAsStalled() throws Exception {
    ByteBuf segment = segment();
    writeUntilNotClear(segment);
    assertThat(events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("gone");
    assertThat(segment.refCnt()).isEqualTo(1);
    segment.release();
    assertThat(readToTheEnd(peer.getInputStream())).isPositive();
  }

  @Test
  void whatIsWrittenAfterTheEndIsReleased() throws Exception {
    peer.close();
    assertThat(events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("gone");
    ByteBuf late = Unpooled.directBuffer(8).writeLong(1);
    onLoop(() -> {
      connection.outlet().write(late, 0, late.readableBytes());
      return true;
    });
    assertThat(late.release()).as("nothing holds on to it").isTrue();
  }

  /** The system gives the number of a closed socket to the next one. */
  @Test
  void whatIsWrittenToClosedSocketReachesNobodyElse() throws Exception {
    ByteBuf segment = segment();
    Channel channel = channels.remove();
    try (ServerSocket others = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Socket> other = new CompletableFuture<>();
      onLoop(() -> {
        channel.close(); // its connection hears of it in a task that comes after this one
        try {
          other.complete(new Socket(others.getInetAddress(), others.getLocalPort()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        connection.outlet().write(segment, 0, CHUNK);
        return true;
      });
      try (Socket stranger = other.join();
          Socket strangersPeer = others.accept()) {
        stranger.shutdownOutput();
        assertThat(readToTheEnd(strangersPeer.getInputStream())).as("bytes of ours").isZero();
      }
    }
    assertThat(segment.release()).as("nothing holds on to it").isTrue();
  }

  /** Bytes that have all been handed over when the socket no longer takes them at once. */
  private int writeUntilNotClear(ByteBuf segment) throws Exception {
    int written = 0;
    while (onLoop(() -> connection.outlet().isClear())) {
      onLoop(() -> {
        connection.outlet().write(segment, 0, CHUNK);
        return true;
      });
      written += CHUNK;
    }
    return written;
  }

  private <T> T onLoop(Supplier<T> task)
      throws ExecutionException, InterruptedException, TimeoutException {
    return loops.next().submit(task::get).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static ByteBuf segment() {
    return Unpooled.directBuffer(CHUNK).writeBytes(repeated(CHUNK));
  }

  private static byte[] repeated(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i % CHUNK % 251);
    }
    return bytes;
  }

  private static int readToTheEnd(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    in.transferTo(all);
    return all.size();
  }

  /** Writes down what it is told. */
  private final class Recorder implements Endpoint {
    @Override
    public void onOpen() {}

    @Override
    public void onText(ByteBuf utf8) {}

    @Override
    public void onBinary(ByteBuf bytes) {}

    @Override
    public void onClear() {
      events.add("clear");
    }

    @Override
    public void onAvailability(boolean available) {}

    @Override
    public void onDrain(Duration reconnectAfter) {}

    @Override
    public boolean isBusy() {
      return false;
    }

    @Override
    public void onGone() {
      events.add("gone");
    }
  }
}
