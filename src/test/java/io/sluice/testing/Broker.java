package io.sluice.testing;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A broker for tests: the {@link #shared} one, started when first asked for and stopped with the
 * JVM, or an {@link #own} one that a test may stop and start again on the same port with the same
 * data.
 *
 * <p>The shared one runs in a container where a container engine answers, else inside this JVM;
 * {@code -Dtest.broker=container} or {@code embedded} decides it. An own one is always embedded: a
 * container gets another port whenever it starts, so that a gateway could not find its brokers
 * again.
 */
public final class Broker implements AutoCloseable {
  private static final AtomicInteger TOPICS = new AtomicInteger();

  private final BrokerServer server;

  private Broker(BrokerServer server) {
    this.server = server;
  }

  /** The one that all tests of this JVM share. Never stop it. */
  public static Broker shared() {
    return Shared.BROKER;
  }

  /** One that belongs to the caller, who closes it. */
  public static Broker own() {
    return own(Map.of());
  }

  /** As {@link #own()}, with some broker settings of its own, by Kafka's names. */
  public static Broker own(Map<String, String> overrides) {
    return new Broker(new EmbeddedBroker(overrides));
  }

  /** One that somebody else runs. */
  public static Broker at(String bootstrapServers) {
    return new Broker(new BrokerServer.Elsewhere(bootstrapServers));
  }

  /** What clients set as {@code bootstrap.servers}; stays the same over a restart. */
  public String bootstrapServers() {
    return server.bootstrapServers();
  }

  /**
   * Stops the broker, which must be an own one; its data and port are kept for {@link #restart}.
   */
  public void stop() {
    embedded().stop();
  }

  /** Starts the broker that was stopped. */
  public void restart() {
    embedded().restart();
  }

  private EmbeddedBroker embedded() {
    if (server instanceof EmbeddedBroker embedded) {
      return embedded;
    }
    throw new IllegalStateException("A test stops and starts a Broker.own(), not " + server + ".");
  }

  /** Creates, fills and reads topics here. */
  public Topics topics() {
    return new Topics(bootstrapServers());
  }

  /** A topic name that no other test has, with {@code hint} in it. */
  public static String uniqueName(String hint) {
    return hint + "-" + Long.toString(System.nanoTime(), 36) + "-" + TOPICS.incrementAndGet();
  }

  /** Stops the broker and removes its data. */
  @Override
  public void close() {
    server.close();
  }

  @Override
  public String toString() {
    return server.toString();
  }

  private static final class Shared {
    static final Broker BROKER = new Broker(BrokerServer.forAll());

    static {
      System.out.println("Tests share the broker " + BROKER + ".");
      Runtime.getRuntime().addShutdownHook(new Thread(BROKER::close, "stop-shared-broker"));
    }
  }
}
