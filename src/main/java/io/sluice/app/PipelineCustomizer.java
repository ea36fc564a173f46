package io.sluice.app;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.sluice.transport.WebSocketTransport;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Puts the way to WebSockets into every pipeline of the HTTP server. */
@Singleton
final class PipelineCustomizer implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
  // By provider: what listens to a bean's creation must not bring the whole gateway up first.
  private final Provider<WebSocketTransport> transport;

  PipelineCustomizer(Provider<WebSocketTransport> transport) {
    this.transport = transport;
  }

  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    event.getBean().register(new OfChannel(transport, null));
    return event.getBean();
  }

  /**
   * @param channel the channel whose pipeline is being built; {@code null} in the one that is
   *     registered
   */
  private record OfChannel(Provider<WebSocketTransport> transport, @Nullable Channel channel)
      implements NettyServerCustomizer {
    @Override
    public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
      return role == ChannelRole.CONNECTION ? new OfChannel(transport, channel) : this;
    }

    @Override
    public void onStreamPipelineBuilt() {
      if (channel != null) {
        transport.get().install(channel, ChannelPipelineCustomizer.HANDLER_MICRONAUT_INBOUND);
      }
    }
  }
}
