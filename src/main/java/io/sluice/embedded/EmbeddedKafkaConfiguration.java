package io.sluice.embedded;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.nio.file.Path;

/**
 * {@code sluice.embedded-kafka.*}: the broker of the development run.
 *
 * @param port its port; when it is taken one of the next free ones, and the start says so
 * @param directory where its data is kept, also over a restart
 */
@ConfigurationProperties("sluice.embedded-kafka")
record EmbeddedKafkaConfiguration(
    @Bindable(defaultValue = "9092") int port,
    @Bindable(defaultValue = "data/kafka") String directory) {
  EmbeddedKafkaConfiguration {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "sluice.embedded-kafka.port is "
              + port
              + "; it must be a port from 1 to 65535, or 0 for any free one.");
    }
  }

  EmbeddedKafkaSettings settings() {
    return new EmbeddedKafkaSettings(port, Path.of(directory));
  }
}
