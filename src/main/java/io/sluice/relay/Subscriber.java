package io.sluice.relay;

import io.netty.buffer.ByteBuf;
import io.sluice.log.Gap;
import io.sluice.log.LogFailure;
import io.sluice.log.Positions;
import org.jspecify.annotations.Nullable;

/** A subscription of one socket: a cursor into the window of its feed. Event-loop thread only. */
public final class Subscriber {
  final WindowView view;

  /** Where {@link Cursors} has it; -1 where it does not. */
  int place = -1;

  /** True while it waits for its turn at its socket, before {@link #behind}. */
  boolean waiting;

  @Nullable Subscriber behind;

  private final SocketCursors socket;
  private final SubscribeRequest request;
  private final SubscriptionListener listener;
  private volatile CursorState state;
  private boolean liveTold;

  Subscriber(SocketCursors socket, WindowView view, Ticket ticket, long[] positions) {
    this.socket = socket;
    this.view = view;
    this.request = ticket.request();
    this.listener = ticket.listener();
    long[] start = view.fit(positions);
    this.state =
        view.covers(start)
            ? new CursorState.Joining(view.startFor(start), start)
            : new Replaying(start);
  }

  /** The number that clients see as {@code subscription}: that of the feed. */
  public long number() {
    return view.feed.number();
  }

  /**
   * The next offset to read of each partition: everything below it was handed over or told as a
   * gap.
   */
  public Positions positions() {
    return view.positions(state.vector(view));
  }

  /** Leaves: nothing of it follows, neither bytes nor calls. */
  public void close() {
    if (!(state instanceof CursorState.Ended)) {
      become(new CursorState.Ended(state.vector(view)));
      socket.onLeft(this);
    }
  }

  FeedKey key() {
    return FeedKey.of(request);
  }

  long sequence() {
    return state.sequence();
  }

  boolean isIn(CursorState expected) {
    return state == expected;
  }

  int maxBytes() {
    return socket.loop.settings().maxBatchBytes();
  }

  /** Tells what stands before its first record, and takes its place. */
  void start(Ticket ticket, Attachment attachment) {
    listener.onSubscribed(this, attachment.reported(), attachment.topicIds());
    for (Gap gap : attachment.gaps()) {
      tell(gap);
    }
    if (ticket.request().from() instanceof From.Latest) {
      tellLive();
    }
    ready();
  }

  /** Its turn: hands over a little. True where it may have more at once. */
  boolean turn() {
    boolean more = state.turn(this);
    if (state instanceof CursorState.Live live && live.sequence() == view.next()) {
      tellLive();
    }
    return more;
  }

  /** The window grew: asks for a turn where there is something for it. */
  void onGrown() {
    if (state.sequence() < view.next() || state instanceof CursorState.Joining) {
      ready();
    }
  }

  /** The window lets go where it stands: keeps its exact positions. */
  void fall() {
    become(new CursorState.Fallen(state.vector(view)));
  }

  /** It fell, and all others did: now it may call out. */
  void onOverflow() {
    if (!(state instanceof CursorState.Fallen fallen)) {
      return;
    }
    RelayCounters counters = socket.loop.counters();
    switch (request.overflow()) {
      case REPLAY -> {
        counters.overflowReplays.increment();
        liveTold = false;
        become(new Replaying(fallen.positions()));
        ready();
      }
      case SKIP -> {
        counters.overflowSkips.increment();
        ready();
      }
      case END -> {
        counters.overflowEnds.increment();
        end(new Ending.Slow());
      }
    }
  }

  /** The slice it asked for is there. */
  void onSlice(Replaying asker, ReplaySlice slice) {
    if (state == asker && slice.tryRetain()) {
      asker.onSlice(slice);
      socket.enqueueAlways(this);
    }
  }

  /** The slice it asked for cannot be read. */
  void onReplayFailed(Replaying asker, LogFailure failure) {
    if (state == asker) {
      asker.onFailure(this, failure);
      ready();
    }
  }

  /** The socket was looked at and takes nothing: it holds on to nothing. */
  void loosen() {
    if (state instanceof Replaying replaying) {
      replaying.loosen();
    }
  }

  void become(CursorState next) {
    loosen();
    state = next;
    view.cursors().placed(next.sequence());
  }

  void ask(Replaying asker, FeedPartition partition, long from, long until) {
    socket.loop.ask(
        new SliceRequest(this, asker, socket.owner(), view.feed, partition, from, until));
  }

  LoopRelay loop() {
    return socket.loop;
  }

  /** True when it has left; another thread may see it late. */
  boolean isEnded() {
    return state instanceof CursorState.Ended;
  }

  void tell(Gap gap) {
    if (!isEnded()) {
      listener.onGap(gap);
    }
  }

  void end(Ending ending) {
    if (!isEnded()) {
      Positions last = positions();
      close();
      listener.onEnded(ending, last);
    }
  }

  void write(@Nullable ByteBuf frames) {
    if (frames != null) {
      socket.write(frames);
    }
  }

  /**
   * Writes what of {@code stretch} lies at or after {@code positions}, and moves them behind it.
   */
  void writeCut(Stretch stretch, long[] positions) {
    ByteBuf out = socket.outlet().alloc().buffer(stretch.length());
    try {
      stretch.cut(positions, view.feed.encoder(), out);
    } catch (RuntimeException e) {
      out.release();
      throw e;
    }
    stretch.advance(positions);
    write(out);
  }

  private void tellLive() {
    if (!liveTold && !isEnded()) {
      liveTold = true;
      listener.onLive();
    }
  }

  private void ready() {
    if (!isEnded()) {
      socket.enqueue(this);
    }
  }
}
