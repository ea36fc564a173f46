package io.sluice.embedded;

import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * A real Kafka broker of one KRaft node inside this process, reachable on loopback for every Kafka
 * tool. Its data stays over a restart, also one on another port.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final int NODE_ID = 1;
  private static final String CONTROLLER = "CONTROLLER";
  private static final String CLIENTS = "PLAINTEXT";

  private final KafkaRaftServer server;
  private final DataDirectory directory;
  private final int port;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedKafka(KafkaRaftServer server, DataDirectory directory, int port) {
    this.server = server;
    this.directory = directory;
    this.port = port;
  }

  /**
   * Starts a broker and returns when it serves clients, in about four seconds.
   *
   * @throws EmbeddedKafkaException when no port is free, or the data directory is in use or broken
   */
  public static EmbeddedKafka start(EmbeddedKafkaSettings settings) {
    int port =
        settings.port() == 0
            ? LoopbackPort.anyFree()
            : LoopbackPort.firstFree(settings.port(), EmbeddedKafkaSettings.PORTS_TRIED);
    DataDirectory directory = DataDirectory.open(settings.directory(), NODE_ID, CONTROLLER);
    KafkaRaftServer server = null;
    try {
      server =
          new KafkaRaftServer(
              KafkaConfig.fromProps(properties(settings, directory.path(), port)), Time.SYSTEM);
      server.startup();
      return new EmbeddedKafka(server, directory, port);
    } catch (RuntimeException e) {
      if (server != null) {
        server.shutdown();
      }
      directory.close();
      throw new EmbeddedKafkaException(
          "The embedded broker cannot start on port "
              + port
              + " with the data in "
              + directory.path()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** What clients set as {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return LoopbackPort.HOST + ":" + port;
  }

  /** The port that clients connect to: the wanted one, or another when that was taken. */
  public int port() {
    return port;
  }

  /** The absolute path of the data. */
  public Path directory() {
    return directory.path();
  }

  /** Stops the broker and waits for it. Closing again does nothing. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      server.shutdown();
      server.awaitShutdown();
    } finally {
      directory.close();
    }
  }

  @Override
  public String toString() {
    return "embedded broker at " + bootstrapServers();
  }

  private static Properties properties(EmbeddedKafkaSettings settings, Path directory, int port) {
    int controllerPort = LoopbackPort.anyFree();
    Properties p = new Properties();
    p.setProperty("process.roles", "broker,controller");
    p.setProperty("node.id", Integer.toString(NODE_ID));
    p.setProperty(
        "controller.quorum.voters", NODE_ID + "@" + LoopbackPort.HOST + ":" + controllerPort);
    p.setProperty(
        "listeners", listener(CLIENTS, port) + "," + listener(CONTROLLER, controllerPort));
    p.setProperty("advertised.listeners", listener(CLIENTS, port));
    p.setProperty(
        "listener.security.protocol.map", CLIENTS + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
    p.setProperty("inter.broker.listener.name", CLIENTS);
    p.setProperty("controller.listener.names", CONTROLLER);
    p.setProperty("log.dirs", directory.toString());
    p.setProperty("auto.create.topics.enable", "false");

    // One node can keep one replica.
    p.setProperty("offsets.topic.replication.factor", "1");
    p.setProperty("transaction.state.log.replication.factor", "1");
    p.setProperty("transaction.state.log.min.isr", "1");
    p.setProperty("share.coordinator.state.topic.replication.factor", "1");
    p.setProperty("share.coordinator.state.topic.min.isr", "1");

    // Small, quick to start, and ready for the first member of a group at once.
    p.setProperty("offsets.topic.num.partitions", "3");
    p.setProperty("transaction.state.log.num.partitions", "3");
    p.setProperty("share.coordinator.state.topic.num.partitions", "3");
    p.setProperty("group.initial.rebalance.delay.ms", "0");
    p.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(2 * 1024 * 1024));
    p.setProperty("log.index.size.max.bytes", Integer.toString(1024 * 1024));
    p.setProperty("num.network.threads", "2");
    p.setProperty("num.io.threads", "4");
    p.setProperty("background.threads", "2");

    settings.overrides().forEach(p::setProperty);
    return p;
  }

  private static String listener(String name, int port) {
    return name + "://" + LoopbackPort.HOST + ":" + port;
  }
}
