package io.sluice.relay;

import io.netty.buffer.ByteBufAllocator;
import io.sluice.filter.KeyIndex;
import io.sluice.log.Batch;
import io.sluice.log.Header;
import io.sluice.log.LogRecord;
import io.sluice.log.RecordKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of a piece of a partition as the log has them, found by their key: one read serves
 * every feed that wants the records of some key, and each encodes only its own. Immutable: any
 * thread.
 */
final class Scan implements Piece {
  /** Heap bytes of a record beside its content, about: itself, its buffers, its place by key. */
  private static final int BYTES_PER_RECORD = 300;

  private final long from;
  private final long to;
  private final KeyIndex<LogRecord> byKey = new KeyIndex<>();
  private final ByteBufAllocator alloc;
  private final RelaySettings settings;
  private final MemoryBudget budget;

  /** Has no bytes: counts what is on the heap, for as long as somebody holds this. */
  private final Segment count;

  private Scan(Batch batch, ByteBufAllocator alloc, RelaySettings settings, MemoryBudget budget) {
    this.from = batch.from();
    this.to = batch.to();
    this.alloc = alloc;
    this.settings = settings;
    this.budget = budget;
    int bytes = 0;
    for (LogRecord record : batch.records()) {
      ByteBuffer key = copy(record.key());
      if (key != null) { // a record without a key is nobody's
        byKey.add(key, copy(record, key));
        bytes += record.size() + BYTES_PER_RECORD;
      }
    }
    this.count = Segment.allocate(alloc, 0, budget);
    count.weigh(bytes);
  }

  /** Copies what {@code batch}, which is valid only now, has with a key. */
  static Scan of(Batch batch, ByteBufAllocator alloc, RelaySettings settings, MemoryBudget budget) {
    return new Scan(batch, alloc, settings, budget);
  }

  @Override
  public long from() {
    return from;
  }

  @Override
  public long to() {
    return to;
  }

  @Override
  public long weight() {
    return count.weight();
  }

  @Override
  public boolean tryRetain() {
    return count.tryRetain();
  }

  @Override
  public void release() {
    count.release();
  }

  @Override
  public ReplaySlice sliceFor(Feed feed, FeedPartition partition) {
    RecordKey key = feed.recordKey();
    List<LogRecord> matching = key == null ? List.of() : byKey.of(key);
    return SliceEncoder.encode(
        from, to, matching, partition.index(), feed, alloc, settings, budget);
  }

  private static LogRecord copy(LogRecord record, ByteBuffer key) {
    List<Header> headers = new ArrayList<>(record.headers().size());
    for (Header header : record.headers()) {
      headers.add(new Header(header.name(), copy(header.value())));
    }
    return new LogRecord(
        record.partition(),
        record.offset(),
        record.timestamp(),
        key,
        headers,
        copy(record.value()));
  }

  private static @Nullable ByteBuffer copy(@Nullable ByteBuffer bytes) {
    return bytes == null
        ? null
        : ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
  }
}
