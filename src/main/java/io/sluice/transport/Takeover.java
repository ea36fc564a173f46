package io.sluice.transport;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import java.util.Map;

/** Ends HTTP on a channel. Event-loop thread only. */
final class Takeover {
  private Takeover() {}

  /**
   * Replaces everything behind TLS by {@code heir}. The codec goes last: leaving, it hands on the
   * bytes that came in the same segment as the request.
   */
  static void by(ChannelHandler heir, ChannelPipeline pipeline) {
    ChannelHandler codec = pipeline.get(HttpServerCodec.class);
    pipeline.addLast("sluice", heir);
    for (Map.Entry<String, ChannelHandler> entry : pipeline.toMap().entrySet()) {
      ChannelHandler other = entry.getValue();
      if (other != heir && other != codec && !(other instanceof SslHandler)) {
        pipeline.remove(other);
      }
    }
    pipeline.remove(codec);
  }
}
