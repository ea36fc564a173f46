package io.sluice.kafka;

import io.sluice.log.Batch;
import io.sluice.log.LogRecord;
import io.sluice.log.Partition;
import io.sluice.log.ReplayLog.Request;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One consumer that reads slices, and where it stands: a request that goes on from there needs no
 * seek and finds what was prefetched. What a poll brought beyond the end of a slice is kept for the
 * next one. Owned by one thread.
 */
final class ReplayConsumer {
  private static final Duration POLL = Duration.ofMillis(250);

  private final Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers;
  private final IntSupplier generation;
  private @Nullable Consumer<ByteBuffer, ByteBuffer> consumer;
  private @Nullable Partition partition;

  /** The generation of topics in which it came to stand there. */
  private int since;

  /** The next offset to hand over. */
  private long next;

  /** Polled and not handed over; what lies between them and {@link #fetched} holds no records. */
  private final ArrayDeque<ConsumerRecord<ByteBuffer, ByteBuffer>> rest = new ArrayDeque<>();

  /** The consumer's own position. */
  private long fetched;

  /**
   * @param generation is another one whenever a name may have come to mean another topic: what was
   *     fetched before that is not handed over as if it were of the new one
   */
  ReplayConsumer(Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers, IntSupplier generation) {
    this.consumers = consumers;
    this.generation = generation;
  }

  /** True when a read from there goes on where this one stands. */
  boolean standsAt(Partition other, long offset) {
    return other.equals(partition) && offset == next && since == generation.getAsInt();
  }

  /**
   * Reads one slice; empty when nothing is there yet. Returns {@code null} where Kafka has not
   * answered after {@code patience}.
   *
   * @throws KafkaException as the poll does; the next read seeks again
   */
  @Nullable Batch read(Request request, Duration patience) {
    Consumer<ByteBuffer, ByteBuffer> current = standAt(request.partition(), request.from());
    long deadline = System.nanoTime() + patience.toNanos();
    List<LogRecord> records = new ArrayList<>();
    int bytes = 0;
    while (true) {
      while (!rest.isEmpty()
          && bytes < request.maxBytes()
          && rest.getFirst().offset() < request.until()) {
        LogRecord record = Records.ofKafka(request.partition(), rest.removeFirst());
        records.add(record);
        bytes += record.size();
        next = record.offset() + 1;
      }
      if (rest.isEmpty()) {
        next = Math.max(next, Math.min(fetched, request.until()));
      } else if (bytes < request.maxBytes()) {
        next = request.until();
      }
      // A slice that has something is handed over rather than filled: the caller comes again when
      // it wants more.
      if (next > request.from()) {
        return new Batch(request.partition(), request.from(), next, records);
      }
      boolean moved = poll(current);
      if (!moved && isAtHead(current)) {
        return new Batch(request.partition(), request.from(), request.from(), List.of());
      }
      if (!moved && System.nanoTime() - deadline >= 0) {
        return null;
      }
    }
  }

  /** Lets go of the partition, so that nothing is prefetched or kept. */
  void leave() {
    partition = null;
    rest.clear();
    if (consumer != null) {
      consumer.assign(List.of());
    }
  }

  /** Drops the consumer after a failure; the next read makes another one. */
  void discard() {
    partition = null;
    rest.clear();
    Consumer<ByteBuffer, ByteBuffer> old = consumer;
    consumer = null;
    if (old != null) {
      old.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  private Consumer<ByteBuffer, ByteBuffer> standAt(Partition wanted, long from) {
    Consumer<ByteBuffer, ByteBuffer> current = consumer;
    if (current == null) {
      current = consumers.get();
      consumer = current;
      partition = null;
    }
    if (!standsAt(wanted, from)) {
      TopicPartition key = Records.toKafka(wanted);
      int now = generation.getAsInt();
      if (since != now) {
        leave(); // where it goes to the same partition again, it would keep what it has fetched
        since = now;
      }
      rest.clear();
      current.assign(List.of(key));
      current.seek(key, from);
      partition = wanted;
      next = from;
      fetched = from;
    }
    return current;
  }

  /** Polls once; true when the position moved. */
  private boolean poll(Consumer<ByteBuffer, ByteBuffer> current) {
    ConsumerRecords<ByteBuffer, ByteBuffer> found;
    try {
      found = current.poll(POLL);
    } catch (KafkaException e) {
      leave();
      throw e;
    }
    found.forEach(rest::add);
    boolean moved = false;
    for (OffsetAndMetadata end : found.nextOffsets().values()) {
      moved = end.offset() > fetched;
      fetched = end.offset();
    }
    return moved;
  }

  /** True when the brokers have said that there is nothing after the position; asks nobody. */
  private boolean isAtHead(Consumer<ByteBuffer, ByteBuffer> current) {
    if (partition == null) {
      return false;
    }
    OptionalLong lag = current.currentLag(Records.toKafka(partition));
    return lag.isPresent() && lag.getAsLong() == 0;
  }
}
