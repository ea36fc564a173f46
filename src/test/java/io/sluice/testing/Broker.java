package io.sluice.testing;

import io.sluice.embedded.EmbeddedKafka;
import io.sluice.embedded.EmbeddedKafkaSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A broker for tests: the {@link #shared} one, started when first asked for and stopped with the
 * JVM, or an {@link #own} one that a test may stop and start again on the same port with the same
 * data.
 */
public final class Broker implements AutoCloseable {
  private static final AtomicInteger TOPICS = new AtomicInteger();

  private final Path directory;
  private final Map<String, String> overrides;
  private final int port;
  private @Nullable EmbeddedKafka running;

  private Broker(Map<String, String> overrides) {
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

  /** The one that all tests of this JVM share. Never stop it. */
  public static Broker shared() {
    return Shared.BROKER;
  }

  /** One that belongs to the caller, who closes it. */
  public static Broker own() {
    return new Broker(Map.of());
  }

  /** As {@link #own()}, with some broker settings of its own, by Kafka's names. */
  public static Broker own(Map<String, String> overrides) {
    return new Broker(overrides);
  }

  /** What clients set as {@code bootstrap.servers}; stays the same over a restart. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** Stops the broker; its data and port are kept for {@link #restart}. */
  public synchronized void stop() {
    EmbeddedKafka stopping = running;
    running = null;
    if (stopping != null) {
      stopping.close();
    }
  }

  /** Starts the broker that was stopped. */
  public synchronized void restart() {
    EmbeddedKafka started =
        EmbeddedKafka.start(new EmbeddedKafkaSettings(port, directory, overrides));
    running = started;
    if (started.port() != port) {
      throw new IllegalStateException("Port " + port + " was taken meanwhile.");
    }
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
    stop();
    try {
      Files.walkFileTree(directory, new DeleteAll());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Shared {
    static final Broker BROKER = new Broker(Map.of());

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(BROKER::close, "stop-shared-broker"));
    }
  }

  private static final class DeleteAll extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
