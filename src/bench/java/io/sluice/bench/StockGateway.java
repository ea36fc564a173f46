package io.sluice.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Baseline (a): the gateway that one writes with Netty's own WebSocket handlers and {@code
 * kafka-clients}. One topic is one group of channels; each record is encoded once and becomes one
 * frame. {@code tuned}: the frame itself is shared, and a socket is flushed once per poll.
 *
 * <p>It keeps no positions, checks no rights, bounds no memory: what it does not do costs it
 * nothing.
 */
public final class StockGateway {
  private static final int LARGEST_REQUEST = 64 * 1024;
  private static final int BACKLOG = 4096;

  private StockGateway() {}

  /**
   * Runs it until standard input ends.
   *
   * @param args the brokers; {@code stock} or {@code tuned}; then for each topic that is to be read
   *     from its beginning {@code topic=n}: reading starts when n clients have subscribed
   */
  public static void main(String[] args) throws Exception {
    String brokers = args[0];
    boolean tuned = args[1].equals("tuned");
    Map<String, Integer> backlogs = ServerProcess.pairs(args, 2);
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(EpollIoHandler.newFactory());
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", brokers, "acks", "all", "linger.ms", 1),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      StockTopics topics = new StockTopics(brokers, tuned, backlogs);
      Channel server =
          new ServerBootstrap()
              .group(loops)
              .channel(EpollServerSocketChannel.class)
              .option(ChannelOption.SO_BACKLOG, BACKLOG)
              .childOption(ChannelOption.TCP_NODELAY, true)
              .childHandler(
                  new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      channel
                          .pipeline()
                          .addLast(new HttpServerCodec())
                          .addLast(new HttpObjectAggregator(LARGEST_REQUEST))
                          .addLast(new WebSocketServerProtocolHandler("/v1/ws", "sluice.v1.json"))
                          .addLast(new StockHandler(topics, producer));
                    }
                  })
              .bind(InetAddress.getLoopbackAddress(), 0)
              .sync()
              .channel();
      ServerProcess.sayPort(((InetSocketAddress) server.localAddress()).getPort());
      while (System.in.read() >= 0) {
        // until whoever started it is gone
      }
    }
    System.exit(0);
  }
}
