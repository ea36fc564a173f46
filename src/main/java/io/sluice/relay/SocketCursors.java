package io.sluice.relay;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The cursors of one socket, which take turns while it takes bytes. Event-loop thread only. */
public final class SocketCursors {
  final LoopRelay loop;

  /** Bytes that it held when it was last seen to stand. {@link LoopRelay} keeps it. */
  int heldBytes;

  /** When it was first seen to stand; only while it does. */
  long stalledSince;

  /** It was handed much when it was last visited. */
  boolean bulk;

  private final Outlet outlet;
  private final String owner;
  private final Subscribers subscribers = new Subscribers();

  /**
   * Tickets that are not back, and those that wait for one of the same key; mostly there are none.
   */
  private Map<FeedKey, List<Ticket>> onTheWay = Map.of();

  private @Nullable Subscriber first;
  private @Nullable Subscriber last;
  private int waiting;
  private boolean enqueued;
  private boolean closed;

  SocketCursors(LoopRelay loop, Outlet outlet, String owner) {
    this.loop = loop;
    this.outlet = outlet;
    this.owner = owner;
  }

  /** Subscribes; the answer comes later, on this event loop. */
  public void subscribe(SubscribeRequest request, SubscriptionListener listener) {
    Ticket ticket = new Ticket(this, request, listener);
    if (!closed) {
      subscribe(ticket);
    }
  }

  /** All that was handed to the outlet is written: the next in turn goes on, when it is due. */
  public void onClear() {
    loop.onMoving(this);
    if (waiting > 0) {
      enqueueAtLoop();
    }
  }

  /** The socket is gone: all its subscribers leave, without a call. */
  public void close() {
    closed = true;
    loop.onMoving(this);
    subscribers.copy().forEach(Subscriber::close);
  }

  /** The subscriber that clients call {@code number}; null where there is none. */
  public @Nullable Subscriber subscriber(long number) {
    return subscribers.numbered(number);
  }

  /** All subscribers, by their numbers. */
  public List<Subscriber> subscribers() {
    return subscribers.copy().stream()
        .sorted(Comparator.comparingLong(Subscriber::number))
        .toList();
  }

  /** How many subscribers there are, without those on their way. */
  public int size() {
    return subscribers.size();
  }

  String owner() {
    return owner;
  }

  Outlet outlet() {
    return outlet;
  }

  /** {@code ticket} came back with a place in a feed. */
  void onAttached(Ticket ticket, Attachment attachment) {
    List<Ticket> same = sameAs(ticket);
    WindowView view = attachment.view();
    if (closed) {
      loop.onLeft(view);
      return;
    }
    view.sync();
    Subscriber subscriber = new Subscriber(this, view, ticket, attachment);
    subscribers.add(subscriber);
    view.cursors().add(subscriber);
    view.cursors().placed(subscriber.sequence());
    loop.rounds().add(view);
    loop.counters().subscribers.increment();
    subscriber.guard(each -> each.start(ticket, attachment));
    same.forEach(other -> other.listener().onDuplicate(view.feed.number()));
  }

  /** {@code ticket} came back with nothing. */
  void onRefused(Ticket ticket, Refusal refusal) {
    List<Ticket> same = sameAs(ticket);
    if (!closed) {
      ticket.listener().onRefused(refusal);
      same.forEach(this::subscribe);
    }
  }

  /** {@code subscriber} has ended. */
  void onLeft(Subscriber subscriber) {
    subscribers.remove(subscriber);
    subscriber.view.cursors().remove(subscriber);
    if (subscriber.view.cursors().isEmpty()) {
      loop.rounds().remove(subscriber.view);
    }
    loop.counters().subscribers.decrement();
    loop.onLeft(subscriber.view);
  }

  /** {@code subscriber} wants a turn, once the socket takes bytes. */
  void enqueue(Subscriber subscriber) {
    push(subscriber);
    if (outlet.isClear()) {
      enqueueAtLoop();
    }
  }

  /**
   * The same, and the socket is looked at even if it does not: {@code subscriber} holds something
   * until then.
   */
  void enqueueAlways(Subscriber subscriber) {
    push(subscriber);
    enqueueAtLoop();
  }

  /** Gives each that waits at most one turn, while the socket takes bytes. */
  void visit() {
    enqueued = false;
    long before = loop.handedOver;
    for (int turns = waiting; turns > 0 && !closed && outlet.isClear(); turns--) {
      Subscriber subscriber = poll();
      if (subscriber != null) {
        subscriber.guard(Subscriber::takeTurn);
      }
    }
    bulk = loop.handedOver - before >= LoopRelay.BULK_BYTES;
    if (closed) {
      return;
    }
    if (!outlet.isClear()) {
      for (Subscriber left = first; left != null; left = left.behind) {
        left.loosen();
      }
      loop.onStanding(this);
    } else if (waiting > 0) {
      enqueueAtLoop();
    }
  }

  /** Something of ours failed, after which nobody knows what its client has heard. */
  void fail(Throwable cause) {
    close();
    outlet.closeFailed(cause);
  }

  void write(ByteBuf frames, int index, int length, long records) {
    loop.counters().recordsHandedOver.add(records);
    loop.counters().bytesHandedOver.add(length);
    loop.handedOver += length;
    outlet.write(frames, index, length);
  }

  private void subscribe(Ticket ticket) {
    FeedKey key = ticket.key();
    Subscriber same = subscribers.reading(key);
    if (same != null) {
      loop.execute(() -> ticket.listener().onDuplicate(same.number()));
      return;
    }
    List<Ticket> before = onTheWay.get(key);
    if (before != null) {
      before.add(ticket);
      return;
    }
    if (onTheWay.isEmpty()) {
      onTheWay = new HashMap<>(2);
    }
    onTheWay.put(key, new ArrayList<>(0));
    loop.attach(ticket);
  }

  private List<Ticket> sameAs(Ticket ticket) {
    List<Ticket> same = onTheWay.remove(ticket.key());
    if (onTheWay.isEmpty()) {
      onTheWay = Map.of();
    }
    return same == null ? List.of() : same;
  }

  private void enqueueAtLoop() {
    if (!enqueued) {
      enqueued = true;
      loop.enqueue(this);
    }
  }

  /** {@code subscriber} waits for its turn, behind those that wait already. */
  void push(Subscriber subscriber) {
    if (subscriber.waiting) {
      return;
    }
    subscriber.waiting = true;
    if (last == null) {
      first = subscriber;
    } else {
      last.behind = subscriber;
    }
    last = subscriber;
    waiting++;
  }

  private @Nullable Subscriber poll() {
    Subscriber subscriber = first;
    if (subscriber != null) {
      first = subscriber.behind;
      subscriber.behind = null;
      subscriber.waiting = false;
      waiting--;
      if (first == null) {
        last = null;
      }
    }
    return subscriber;
  }
}
