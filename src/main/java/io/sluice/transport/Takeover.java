package io.sluice.transport;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import java.util.Map;

/** Ends HTTP on a channel. Event-loop thread only. */
final class Takeover {
  private Takeover() {}

  /**
   * Replaces everything behind TLS by {@code heir}. The codec is its neighbour and goes first:
   * leaving, it hands on the bytes that came in the same segment as the request.
   *
   * <p>What leaves a pipeline keeps its neighbours of that moment, and Micronaut keeps its last
   * handler until the channel is closed. So that handler has to leave when its neighbour is the
   * heir, or the codec and its buffers would live as long as the connection.
   */
  static void by(ChannelHandler heir, ChannelPipeline pipeline) {
    ChannelHandlerContext codec = pipeline.context(HttpServerCodec.class);
    pipeline.addAfter(codec.name(), "sluice", heir);
    pipeline.remove(codec.handler());
    for (Map.Entry<String, ChannelHandler> entry : pipeline.toMap().entrySet()) {
      ChannelHandler other = entry.getValue();
      if (other != heir && !(other instanceof SslHandler)) {
        pipeline.remove(other);
      }
    }
  }
}
