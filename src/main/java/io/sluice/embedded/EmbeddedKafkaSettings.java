package io.sluice.embedded;

import java.nio.file.Path;
import java.util.Map;

/**
 * How the embedded broker is started.
 *
 * @param port the port that clients connect to; when it is taken one of the next {@link
 *     #PORTS_TRIED} is used; 0 for any free one
 * @param directory where the data is kept, also over a restart; made when it is not there
 * @param overrides broker settings that replace the ones of {@link EmbeddedKafka}, by Kafka's names
 */
public record EmbeddedKafkaSettings(int port, Path directory, Map<String, String> overrides) {
  /** Where Kafka's tools look first. */
  public static final int DEFAULT_PORT = 9092;

  /**
   * How many ports after the wanted one are tried: enough for a handful of brokers on one machine.
   */
  public static final int PORTS_TRIED = 20;

  public EmbeddedKafkaSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("A port is a number from 0 to 65535, not " + port + ".");
    }
    overrides = Map.copyOf(overrides);
  }

  /** A broker on {@code port} that keeps its data in {@code directory}. */
  public EmbeddedKafkaSettings(int port, Path directory) {
    this(port, directory, Map.of());
  }
}
