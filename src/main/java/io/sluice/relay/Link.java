package io.sluice.relay;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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

  /** Heap bytes of a link and its stretch, about: 24 and 48, and three array headers of 16. */
  static final int BYTES = 120;

  final long sequence;
  final Stretch stretch;

  @SuppressWarnings("unused") // through NEXT
  private @Nullable Link next;

  Link(long sequence, Stretch stretch) {
    this.sequence = sequence;
    this.stretch = stretch;
  }

  /** What starts a chain: stands before everything. */
  static Link start() {
    return new Link(-1, PartitionsStretch.NONE);
  }

  /** The one behind it; {@code null} while it is the last. */
  @Nullable Link next() {
    return (Link) NEXT.getAcquire(this);
  }

  void append(Link link) {
    NEXT.setRelease(this, link);
  }
}
