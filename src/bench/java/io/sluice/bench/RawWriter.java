package io.sluice.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Baseline (c), the ceiling: frames that were made before anybody asked, written to sockets, and
 * nothing else; no Kafka, no encoding, no protocol but the upgrade and one answer. Plain NIO.
 */
public final class RawWriter {
  private static final int BACKLOG = 4096;

  private RawWriter() {}

  /**
   * Runs it until standard input ends. A line {@code pace channel records rate} there has so many
   * records, made at their moments, written one by one to all who are subscribed to the channel.
   *
   * @param args threads; records per write; bytes of a value; records of a backlog; then {@code
   *     channel=n}: its backlog is written when n clients have subscribed
   */
  public static void main(String[] args) throws IOException {
    int threads = Integer.parseInt(args[0]);
    int perWrite = Integer.parseInt(args[1]);
    int valueBytes = Integer.parseInt(args[2]);
    int records = Integer.parseInt(args[3]);
    Map<String, Integer> backlogs = ServerProcess.pairs(args, 4);
    ReadyFrames frames = ReadyFrames.make("raw", valueBytes, perWrite, records);
    RawSubscribers subscribers = new RawSubscribers(backlogs);
    List<RawLoop> loops = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      RawLoop loop = new RawLoop(frames, valueBytes, subscribers);
      loops.add(loop);
      Thread.ofPlatform().daemon().name("raw-" + i).start(loop);
    }
    subscribers.onAll(channel -> loops.forEach(loop -> loop.writeBacklog(channel)));
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    Thread.ofPlatform().daemon().name("accept").start(() -> accept(server, loops));
    ServerProcess.sayPort(((InetSocketAddress) server.getLocalAddress()).getPort());
    ServerProcess.readCommands(words ->
        loops.forEach(
            loop -> loop.pace(words[1], Long.parseLong(words[2]), Double.parseDouble(words[3]))));
    System.exit(0);
  }

  private static void accept(ServerSocketChannel server, List<RawLoop> loops) {
    try {
      for (int i = 0; ; i++) {
        SocketChannel channel = server.accept();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        loops.get(i % loops.size()).add(channel);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
