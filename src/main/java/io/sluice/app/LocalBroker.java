package io.sluice.app;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker that this process brings along for the first minute. There is one on the class
 * path of the development run only; the production artifact has none.
 */
public interface LocalBroker {
  /**
   * Starts it where it does not run yet, and answers what clients set as {@code bootstrap.servers}.
   */
  String bootstrapServers();

  /** Where its data is; {@code null} while nobody has asked for it. */
  @Nullable Path directory();
}
