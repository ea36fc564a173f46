package io.sluice.relay;

import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;

/**
 * Builders that are not in use: a poll needs one for each feed that got something. Reader's thread.
 */
final class Builders {
  /** As many are kept as feeds usually get something in one poll. */
  private static final int KEPT = 16;

  private final ArrayDeque<StretchBuilder> free = new ArrayDeque<>();
  private final ByteBufAllocator alloc;
  private final RelaySettings settings;

  Builders(ByteBufAllocator alloc, RelaySettings settings) {
    this.alloc = alloc;
    this.settings = settings;
  }

  StretchBuilder take() {
    StretchBuilder builder = free.poll();
    return builder != null ? builder : StretchBuilder.with(alloc, settings);
  }

  /** One that a very large record has made large is not kept. */
  void give(StretchBuilder builder) {
    builder.discard();
    if (free.size() < KEPT && builder.capacity() <= 4 * settings.maxBatchBytes()) {
      free.push(builder);
    } else {
      builder.release();
    }
  }

  /** Lets all go that are kept. */
  void close() {
    free.forEach(StretchBuilder::release);
    free.clear();
  }
}
