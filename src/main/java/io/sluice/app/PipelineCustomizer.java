package io.sluice.app;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.HttpVersion;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration;
import io.micronaut.http.ssl.ServerSslConfiguration;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.sluice.transport.WebSocketTransport;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;

/** Puts the way to WebSockets into every pipeline of the HTTP server. */
@Singleton
final class PipelineCustomizer implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
  // By provider: what listens to a bean's creation must not bring the whole gateway up first.
  private final Provider<WebSocketTransport> transport;
  private final Provider<NettyHttpServerConfiguration> http;
  private final Provider<ServerSslConfiguration> tls;

  PipelineCustomizer(
      Provider<WebSocketTransport> transport,
      Provider<NettyHttpServerConfiguration> http,
      Provider<ServerSslConfiguration> tls) {
    this.transport = transport;
    this.http = http;
    this.tls = tls;
  }

  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    event.getBean().register(new OfServer());
    return event.getBean();
  }

  /**
   * Whether all connections begin with HTTP/1.1 in the clear; with TLS, another version to agree
   * on, or a log of what comes, the server's own pipeline has to be there from the first byte.
   */
  private boolean isPlain() {
    NettyHttpServerConfiguration server = http.get();
    return server.getHttpVersion() == HttpVersion.HTTP_1_1
        && !tls.get().isEnabled()
        && server.getListeners() == null
        && (server.getAccessLogger() == null || !server.getAccessLogger().isEnabled())
        && server.getLogLevel().isEmpty()
        && server.getPcapLoggingPathPattern() == null;
  }

  /** As the server itself makes it. */
  private HttpServerCodec codec() {
    NettyHttpServerConfiguration server = http.get();
    return new HttpServerCodec(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(server.getMaxInitialLineLength())
            .setMaxHeaderSize(server.getMaxHeaderSize())
            .setMaxChunkSize(server.getMaxChunkSize())
            .setValidateHeaders(server.isValidateHeaders())
            .setInitialBufferSize(server.getInitialBufferSize()));
  }

  /** What is registered. */
  private final class OfServer implements NettyServerCustomizer {
    @Override
    public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
      if (role == ChannelRole.LISTENER) {
        channel.pipeline().addLast(new BindFailures());
      }
      if (role == ChannelRole.LISTENER && isPlain()) {
        transport
            .get()
            .installAtAccept(
                channel,
                PipelineCustomizer.this::codec,
                ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC);
      }
      return role == ChannelRole.CONNECTION ? new OfConnection(transport, channel) : this;
    }
  }

  /**
   * @param channel the channel whose pipeline is being built
   */
  private record OfConnection(Provider<WebSocketTransport> transport, Channel channel)
      implements NettyServerCustomizer {
    @Override
    public void onStreamPipelineBuilt() {
      transport.get().install(channel, ChannelPipelineCustomizer.HANDLER_MICRONAUT_INBOUND);
    }
  }
}
