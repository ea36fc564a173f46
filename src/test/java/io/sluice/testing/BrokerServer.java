package io.sluice.testing;

import java.util.Map;

/** What runs behind a {@link Broker}. */
sealed interface BrokerServer extends AutoCloseable
    permits EmbeddedBroker, ContainerBroker, BrokerServer.Elsewhere {
  /** Decides what {@link #forAll} starts. Not {@code sluice.…}, which the gateway would refuse. */
  String CHOICE = "test.broker";

  /** What clients set as {@code bootstrap.servers}. */
  String bootstrapServers();

  /** Stops it and removes its data. */
  @Override
  void close();

  /** Starts what tests share: as {@link #CHOICE} says, else a container where an engine answers. */
  static BrokerServer forAll() {
    String choice = System.getProperty(CHOICE, "");
    return switch (choice) {
      case "embedded" -> new EmbeddedBroker(Map.of());
      case "container" -> ContainerBroker.start();
      case "" -> ContainerEngine.answers() ? containerOrEmbedded() : new EmbeddedBroker(Map.of());
      default ->
          throw new IllegalArgumentException(
              CHOICE + " is \"" + choice + "\"; it must be container or embedded.");
    };
  }

  /** An engine that answers may still not have the image, nor reach where it is. */
  private static BrokerServer containerOrEmbedded() {
    try {
      return ContainerBroker.start();
    } catch (RuntimeException e) {
      System.out.println("The engine has no broker, so the embedded one is used: " + e);
      return new EmbeddedBroker(Map.of());
    }
  }

  /** One that somebody else runs, and stops. */
  record Elsewhere(String bootstrapServers) implements BrokerServer {
    @Override
    public void close() {}

    @Override
    public String toString() {
      return "at " + bootstrapServers;
    }
  }
}
