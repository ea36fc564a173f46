package io.sluice.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.log.Gap;
import io.sluice.log.LogFailure;
import io.sluice.log.Positions;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A subscription of one socket: a cursor into the window of its feed. Event-loop thread only. */
public final class Subscriber {
  private static final long[] REACHED = {};

  final WindowView view;

  /** Where {@link Cursors} has it; -1 where it does not. */
  int place = -1;

  /** True while it waits for its turn at its socket, before {@link #behind}. */
  boolean waiting;

  @Nullable Subscriber behind;

  private final SocketCursors socket;
  private final Overflow overflow;
  private final SubscriptionListener listener;
  private final Allowance allowance;
  private volatile CursorState state;
  private boolean liveTold;

  /** How far the log reached when it was looked up for this subscriber. */
  private long[] heads;

  /** A record stands before it that it may not have yet. */
  private boolean onHold;

  /** Where it is to be woken when its pace lets the next message out. */
  private Timetable.@Nullable Entry due;

  /** Something was handed over or told since the last round. */
  private boolean heard;

  /** Positions that the client was told of; what it was handed from the window comes on top. */
  private long[] told;

  Subscriber(SocketCursors socket, WindowView view, Ticket ticket, Attachment attachment) {
    this.socket = socket;
    this.view = view;
    this.overflow = ticket.request().overflow();
    this.listener = ticket.listener();
    this.allowance = Allowance.of(ticket.request().flow(), socket.loop.now());
    this.heads = attachment.heads();
    long[] start = view.fit(attachment.start());
    this.told = Arrays.equals(start, view.heads()) ? view.heads() : start.clone();
    this.state =
        view.covers(start)
            ? new CursorState.Joining(view.startFor(start), start)
            : new Replaying(start, told);
    loop().counters().moved(null, state);
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
    view.observe();
    return view.positions(state.vector(view));
  }

  /** Leaves: nothing of it follows, neither bytes nor calls. */
  public void close() {
    if (!(state instanceof CursorState.Ended)) {
      become(new CursorState.Ended(state.vector(view)));
      Timetable.Entry entry = due;
      if (entry != null) {
        loop().timetable().remove(entry);
      }
      socket.onLeft(this);
    }
  }

  /**
   * It may be handed {@code records}, 1 or more, beyond what it may have now. Returns false, and
   * changes nothing, where it has no credit.
   */
  public boolean grant(long records) {
    if (!allowance.grant(records)) {
      return false;
    }
    goOn();
    return true;
  }

  FeedKey key() {
    return view.feed.key();
  }

  long sequence() {
    return state.sequence();
  }

  boolean isIn(CursorState expected) {
    return state == expected;
  }

  boolean isPaced() {
    return allowance.isPaced();
  }

  /** True where it may be handed a record now. */
  boolean mayHaveRecords() {
    return allowance.records(now()) > 0;
  }

  /**
   * Behind which stretch a run of whole ones ends that it may have now, from {@code at} on; {@code
   * at} itself where it may have nothing, or only a message that is put together for it.
   */
  long wholeEnd(StretchRow row, long at) {
    long records = allowance.records(now());
    if (allowance.isPaced()) {
      boolean gap = row.stretch(at).records() == 0;
      if (!gap && at + 1 < row.end()) {
        return at;
      }
      records = gap ? 0 : records;
    }
    return row.runEnd(at, socket.loop.settings().maxBatchBytes(), records);
  }

  /** A message that is put together for it, with as much as it may have. */
  Excerpt excerpt() {
    return new Excerpt(
        view.feed.encoder(),
        alloc().buffer(),
        socket.loop.settings().maxMessageBytes(),
        allowance.records(now()));
  }

  ByteBufAllocator alloc() {
    return socket.outlet().alloc();
  }

  /** Tells what stands before its first record, and takes its place. */
  void start(Ticket ticket, Attachment attachment) {
    heard = true;
    listener.onSubscribed(this, attachment.reported(), attachment.topicIds());
    for (Gap gap : attachment.gaps()) {
      tell(gap);
    }
    if (ticket.request().from() instanceof From.Latest) {
      tellLive();
    }
    ready();
  }

  /** Its turn: hands over a little, and asks for another one where it may have more at once. */
  void takeTurn() {
    boolean more = state.turn(this);
    if (!liveTold && isAtEnd() && view.hasReached(heads)) {
      tellLive();
    }
    if (more) {
      socket.push(this);
    }
  }

  /** Waits for credit or for its pace, with a record before it; holds on to nothing meanwhile. */
  void hold() {
    onHold = true;
    loosen();
    if (allowance.hasCredit() && due == null) {
      due = loop().timetable().add(allowance.opensAt(), this);
    }
  }

  /** Its pace lets the next message out. */
  void onDue() {
    due = null;
    goOn();
  }

  private void goOn() {
    if (onHold) {
      onHold = false;
      ready();
    }
  }

  /**
   * Some seconds have passed: where nothing came in them and all that came before is handed over,
   * tells how far its partitions were scanned; who replays is told how far it has come.
   */
  void onRound() {
    onGrown();
    boolean quiet = !heard;
    heard = false;
    if (state instanceof Replaying replaying) {
      if (quiet && socket.outlet().isClear() && replaying.tellsNews(view)) {
        listener.onScanned(positions());
      }
      return;
    }
    if (isEnded() || !isAtEnd() || told == view.heads()) {
      return;
    }
    if (view.isKnown(told)) {
      told = view.heads();
    } else if (quiet && socket.outlet().isClear()) {
      told = view.heads();
      listener.onScanned(positions());
    }
  }

  /** The window grew: asks for a turn where there is something for it. */
  void onGrown() {
    if (state.sequence() < view.next()
        || state instanceof CursorState.Joining
        || !liveTold && isAtEnd()) {
      ready();
    }
  }

  /**
   * Partitions have joined that it is owed from before the window has them: reads on from the log
   * until the window has all again.
   *
   * @param owed those partitions
   */
  void onOwed(List<FeedPartition> owed) {
    if (state instanceof CursorState.Live || state instanceof CursorState.Joining) {
      long[] positions = state.vector(view);
      owed.forEach(each -> positions[each.index()] = each.start());
      become(new Replaying(positions, told));
      ready();
    }
  }

  /** True where it was handed all that the window has. */
  private boolean isAtEnd() {
    return state instanceof CursorState.Live live && live.sequence() == view.next();
  }

  /**
   * Does {@code step}, in which it may tell its client something. Where that fails nobody knows
   * what the client has heard of it: its socket ends, and whoever was there comes back with the
   * positions that he has.
   */
  void guard(Consumer<Subscriber> step) {
    try {
      step.accept(this);
    } catch (RuntimeException e) {
      socket.fail(e);
    } catch (Error e) {
      socket.fail(e);
      throw e;
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
    switch (overflow) {
      case REPLAY -> {
        counters.overflowReplays.increment();
        liveTold = false;
        become(new Replaying(fallen.positions(), told));
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
    onHold = false;
    loop().counters().moved(state, next);
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

  /** What the client was told of positions, with all partitions of the feed; not to be changed. */
  long[] told() {
    return view.fit(told);
  }

  void told(long[] positions) {
    told = positions;
  }

  void tell(Gap gap) {
    if (!isEnded()) {
      heard = true;
      loop().counters().countGap(gap.reason());
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

  /** Hands {@code portion} to its socket. */
  void handOver(Portion portion) {
    switch (portion) {
      case Portion.Whole(StretchRow row, long from, long next) -> handOver(row, from, next);
      case Portion.Made(long _, ByteBuf frames, int records) -> {
        try {
          write(frames, frames.readerIndex(), frames.readableBytes(), records);
        } finally {
          frames.release();
        }
      }
    }
  }

  /**
   * The same for the stretches in {@code [from, to)}, which lie in one piece, as they are: what
   * most turns do, and without an object.
   */
  void handOver(StretchRow row, long from, long to) {
    long first = row.firstWithBytes(from, to);
    Segment segment = first == to ? null : row.stretch(first).segment();
    if (segment != null) {
      int index = row.stretch(first).index();
      write(segment.bytes(), index, row.bytes(first, to), row.records(first, to));
    }
  }

  private void write(ByteBuf frames, int index, int length, int records) {
    heard = true;
    socket.write(frames, index, length, records);
    allowance.spend(records, now()); // the distance is that between two writes
  }

  private void tellLive() {
    if (!liveTold && !isEnded()) {
      liveTold = true;
      heads = REACHED;
      listener.onLive();
    }
  }

  private void ready() {
    if (!isEnded() && !onHold) {
      socket.enqueue(this);
    }
  }

  private long now() {
    return allowance.isPaced() ? loop().now() : 0;
  }
}
