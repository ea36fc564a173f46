package io.sluice.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The topics that the producer may know, because they were written to lately. It would go on asking
 * for one that was deleted, and brokers that create topics by asking would make it again: so each
 * is looked at once a second.
 *
 * <p>Owned by the publisher's thread. Time is passed in, as {@link System#nanoTime} counts it.
 */
final class WrittenTopics {
  /** How often they are looked at. */
  static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * {@code metadata.max.idle.ms}, one {@code metadata.max.age.ms}, and some more: then the producer
   * asks for a topic no longer.
   */
  private static final long KNOWN_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final KafkaCatalog catalog;
  private final LongSupplier nanoTime;
  private final Consumer<String> onGone;

  /** When each was last written to. */
  private final Map<String, Long> written = new HashMap<>();

  /** The one among them that was written to last since they were looked at; empty for none. */
  private String latest = "";

  private long checked;

  /**
   * @param onGone hears of a topic that is no more, on any thread
   */
  WrittenTopics(KafkaCatalog catalog, LongSupplier nanoTime, Consumer<String> onGone) {
    this.catalog = catalog;
    this.nanoTime = nanoTime;
    this.onGone = onGone;
  }

  /**
   * {@code topic} is being written to. Records often follow others of their topic: of these, that
   * is noted once between two {@link #check checks}.
   */
  void wrote(String topic) {
    if (!topic.equals(latest)) {
      written.put(topic, nanoTime.getAsLong());
      latest = topic;
    }
  }

  /** Looks at them, where it is time; to be called every some records, and while there are none. */
  void check() {
    latest = "";
    long now = nanoTime.getAsLong();
    if (written.isEmpty() || now - checked < CHECK_NANOS) {
      return;
    }
    checked = now;
    written.values().removeIf(at -> now - at >= KNOWN_NANOS);
    for (String name : written.keySet()) {
      catalog
          .current(name)
          .whenComplete((topic, failure) -> {
            if (failure != null && KafkaFailures.isUnknownTopic(failure, name)) {
              onGone.accept(name);
            }
          });
    }
  }

  /**
   * Forgets all where {@code deleted} is one of them, and says so: the next producer knows none.
   */
  boolean forgetAllIfAmong(String deleted) {
    if (!written.containsKey(deleted)) {
      return false;
    }
    written.clear();
    latest = "";
    return true;
  }
}
