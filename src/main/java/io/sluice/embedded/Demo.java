package io.sluice.embedded;

import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.sluice.app.GatewayNumbers;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Feeds the demo channels while the gateway runs on the embedded broker; other people's brokers are
 * left alone.
 */
@Singleton
final class Demo {
  private final DevelopmentBroker broker;
  private final GatewayNumbers numbers;

  /** The feed; null until the server is up, and on brokers that are not ours. */
  private @Nullable DemoFeed feed;

  Demo(DevelopmentBroker broker, GatewayNumbers numbers) {
    this.broker = broker;
    this.numbers = numbers;
  }

  @EventListener
  synchronized void onServerStarted(ServerStartupEvent event) {
    if (broker.isRunning() && feed == null) {
      feed = DemoFeed.start(broker.bootstrapServers(), numbers);
    }
  }

  @PreDestroy
  synchronized void stop() {
    if (feed != null) {
      feed.close();
    }
  }
}
