package io.sluice.relay;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A numbered place in the chain of a window. The reader's thread appends; event loops follow. What
 * lets a loop trust the bytes of a stretch is that {@link #next} is published after they were
 * written.
 */
final class Link {
  private static final VarHandle NEXT;

  static {
    try {
      NEXT = MethodHandles.lookup().findVarHandle(Link.class, "next", Link.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Heap bytes of a link and its stretch, about: 32 and 48, and three array headers of 16. */
  static final int BYTES = 128;

  final long sequence;
  final Stretch stretch;

  /** Records in all links before this one: how many a run has is a difference. */
  final long recordsBefore;

  @SuppressWarnings("unused") // through NEXT
  private @Nullable Link next;

  private Link(long sequence, Stretch stretch, long recordsBefore) {
    this.sequence = sequence;
    this.stretch = stretch;
    this.recordsBefore = recordsBefore;
  }

  /** What starts a chain: stands before everything. */
  static Link start() {
    return new Link(-1, new PartitionsStretch(List.of()), 0);
  }

  /** The one behind it; {@code null} while it is the last. */
  @Nullable Link next() {
    return (Link) NEXT.getAcquire(this);
  }

  /** Puts {@code stretch} behind it, and answers where that is. */
  Link append(Stretch stretch) {
    Link link = new Link(sequence + 1, stretch, recordsAfter());
    NEXT.setRelease(this, link);
    return link;
  }

  /** Records in all links up to this one. */
  long recordsAfter() {
    return recordsBefore + stretch.records();
  }
}
