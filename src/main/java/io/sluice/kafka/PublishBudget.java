package io.sluice.kafka;

import java.util.concurrent.atomic.AtomicLong;

/** How many records and bytes may be on their way to Kafka at once. Any thread; never waits. */
final class PublishBudget {
  private final long maxRecords;
  private final long maxBytes;
  private final AtomicLong records = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  PublishBudget(long maxRecords, long maxBytes) {
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
  }

  /**
   * Takes room for one record of {@code size} bytes; false when there is none. A lone record always
   * fits.
   */
  boolean take(long size) {
    long others = records.getAndIncrement();
    long before = bytes.getAndAdd(size);
    if (others < maxRecords && (others == 0 || before + size <= maxBytes)) {
      return true;
    }
    give(size);
    return false;
  }

  /** Gives back the room of one record. */
  void give(long size) {
    records.decrementAndGet();
    bytes.addAndGet(-size);
  }

  long records() {
    return records.get();
  }

  long bytes() {
    return bytes.get();
  }
}
