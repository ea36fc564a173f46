package io.sluice.testing;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Many cheap subscribers on one thread, through Netty's WebSocket client or as event streams:
 * enough to tell whether every offset came once, in order, and how late. Their receive buffers are
 * small, so that one that stops reading is soon felt.
 */
public final class Swarm implements AutoCloseable {
  private static final int RECEIVE_BUFFER = 16 * 1024;
  private static final int MAX_MESSAGE = 4 * 1024 * 1024;

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<SwarmMember> members = new ArrayList<>();
  private final List<SwarmSocket> sockets = new ArrayList<>();
  private volatile Latencies latencies = new Latencies();

  /**
   * Connects {@code count} more that subscribe with {@code from} given as JSON; waits until all are
   * subscribed.
   */
  public List<SwarmMember> join(URI uri, int count, String channel, String from) {
    String subscribe =
        Json.message("subscribe").put("channel", channel).set("from", Json.read(from)).toString();
    return join(uri, count, subscribe, () -> webSocket(uri));
  }

  /** Connects {@code count} more that read the event stream at {@code uri}, which has a query. */
  public List<SwarmMember> joinEvents(URI uri, int count) {
    return join(uri, count, "", () -> List.of(new EventFrames(uri)));
  }

  private List<SwarmMember> join(
      URI uri, int count, String subscribe, Supplier<List<ChannelHandler>> protocol) {
    List<SwarmMember> joining = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      joining.add(new SwarmMember(subscribe, () -> latencies));
    }
    join(uri, joining, protocol);
    members.addAll(joining);
    return joining;
  }

  /** Connects {@code joining} and waits until all are subscribed. */
  public void join(URI uri, List<? extends SwarmSocket> joining) {
    join(uri, joining, () -> webSocket(uri));
  }

  private void join(
      URI uri, List<? extends SwarmSocket> joining, Supplier<List<ChannelHandler>> protocol) {
    sockets.addAll(joining);
    for (int i = 0; i < joining.size(); i++) {
      connect(uri, protocol.get(), joining.get(i));
      if (i % 100 == 99 || i == joining.size() - 1) { // a listen backlog is not what is tested
        List<? extends SwarmSocket> sofar = joining.subList(0, i + 1);
        Eventually.until(
            () -> sofar.stream().allMatch(SwarmSocket::isSubscribed),
            Duration.ofSeconds(30),
            () ->
                "Not all are subscribed: "
                    + sofar.stream().filter(m -> !m.isSubscribed()).limit(3).toList());
      }
    }
  }

  private static List<ChannelHandler> webSocket(URI uri) {
    return List.of(
        new HttpClientCodec(),
        new HttpObjectAggregator(8192),
        new WebSocketClientProtocolHandler(
            uri,
            WebSocketVersion.V13,
            "sluice.v1.json",
            false,
            new DefaultHttpHeaders(),
            MAX_MESSAGE));
  }

  private void connect(URI uri, List<ChannelHandler> protocol, SwarmSocket member) {
    new Bootstrap()
        .group(group)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                protocol.forEach(channel.pipeline()::addLast);
                channel.pipeline().addLast(member);
              }
            })
        .connect(uri.getHost(), uri.getPort())
        .addListener(connected -> {
          if (!connected.isSuccess()) {
            member.fault(connected.cause().toString());
          }
        });
  }

  /** From now on latencies are counted anew; returns where. */
  public Latencies measure() {
    Latencies fresh = new Latencies();
    latencies = fresh;
    return fresh;
  }

  /** All members. */
  public List<SwarmMember> members() {
    return List.copyOf(members);
  }

  /** Waits until {@code condition} holds for every one of {@code some}. */
  public static <S extends SwarmSocket> void await(
      List<S> some, Predicate<S> condition, Duration deadline) {
    Eventually.until(
        () -> some.stream().allMatch(condition),
        deadline,
        () ->
            some.stream().filter(condition.negate()).count()
                + " of "
                + some.size()
                + " did not come so far, such as "
                + some.stream().filter(condition.negate()).limit(3).toList());
  }

  @Override
  public void close() {
    sockets.forEach(SwarmSocket::drop);
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
