package io.sluice.kafka;

import io.sluice.log.Availability;
import io.sluice.log.Catalog;
import io.sluice.log.Isolation;
import io.sluice.log.LiveLog;
import io.sluice.log.ReadableLog;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The readers of one isolation: of the head, and of what is older. */
final class Readers {
  private final LiveReader live;
  private final ReplayPool replay;
  private final Catalog catalog;

  private Readers(LiveReader live, ReplayPool replay, Catalog catalog) {
    this.live = live;
    this.replay = replay;
    this.catalog = catalog;
  }

  /** Makes readers, which share everything but their clients and threads. */
  record Factory(
      KafkaClients clients,
      KafkaCatalog catalog,
      Availability availability,
      int replayConsumers,
      KafkaCounters counters,
      Consumer<Throwable> onFatal) {
    Readers readers(Isolation isolation) {
      Catalog ends =
          switch (isolation) {
            case READ_COMMITTED -> catalog;
            case READ_UNCOMMITTED -> new UncommittedCatalog(catalog);
          };
      DoubtfulOffsets doubts = new DoubtfulOffsets(catalog, ends);
      return new Readers(
          new LiveReader(
              "sluice-" + KafkaClients.role("live", isolation),
              () -> clients.liveConsumer(isolation),
              doubts::judge,
              counters,
              onFatal),
          new ReplayPool(
              "sluice-" + KafkaClients.role("replay", isolation),
              replayConsumers,
              number -> clients.replayConsumer(isolation, number),
              catalog,
              doubts,
              availability,
              counters,
              onFatal),
          ends);
    }
  }

  /** The log as these see it. */
  ReadableLog log() {
    return new ReadableLog(live, replay, catalog);
  }

  void start(LiveLog.Listener listener) {
    live.start(listener);
    replay.start();
  }

  /**
   * @param left how long closing may still take
   */
  void close(Supplier<Duration> left) {
    live.close(left.get());
    replay.close(left.get());
  }

  void onTopicDeleted(String topic) {
    live.onTopicDeleted(topic);
    replay.onTopicChanged();
  }

  void onTopicRecreated() {
    replay.onTopicChanged();
  }
}
