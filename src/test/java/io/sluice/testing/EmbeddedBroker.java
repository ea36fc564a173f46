package io.sluice.testing;

import io.sluice.embedded.EmbeddedKafka;
import io.sluice.embedded.EmbeddedKafkaSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A broker inside this JVM, which can be stopped, and started again on the same port with the same
 * data.
 */
final class EmbeddedBroker implements BrokerServer {
  private final Path directory;
  private final Map<String, String> overrides;
  private final int port;
  private @Nullable EmbeddedKafka running;

  EmbeddedBroker(Map<String, String> overrides) {
    this.overrides = overrides;
    try {
      this.directory = Files.createTempDirectory("sluice-broker-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    EmbeddedKafka first = EmbeddedKafka.start(new EmbeddedKafkaSettings(0, directory, overrides));
    this.port = first.port();
    this.running = first;
  }

  @Override
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  synchronized void stop() {
    EmbeddedKafka stopping = running;
    running = null;
    if (stopping != null) {
      stopping.close();
    }
  }

  synchronized void restart() {
    EmbeddedKafka started =
        EmbeddedKafka.start(new EmbeddedKafkaSettings(port, directory, overrides));
    running = started;
    if (started.port() != port) {
      throw new IllegalStateException("Port " + port + " was taken meanwhile.");
    }
  }

  @Override
  public void close() {
    stop();
    Folders.delete(directory);
  }

  @Override
  public String toString() {
    return "inside this JVM at " + bootstrapServers();
  }
}
