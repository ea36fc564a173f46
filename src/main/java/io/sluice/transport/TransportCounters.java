package io.sluice.transport;

import io.sluice.protocol.CloseCode;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What the transport has done, for metrics. Added to on event loops, read from any thread. */
public final class TransportCounters {
  final LongAdder opened = new LongAdder();
  final LongAdder closed = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder messagesIn = new LongAdder();
  final LongAdder bytesIn = new LongAdder();
  final LongAdder bytesOut = new LongAdder();
  final LongAdder streamsOpened = new LongAdder();
  final LongAdder streamsClosed = new LongAdder();
  final LongAdder httpPublishes = new LongAdder();
  final LongAdder httpRefused = new LongAdder();

  /** Bytes of messages and bodies that have begun and not ended, of all peers: rises and falls. */
  final LongAdder inboundBytes = new LongAdder();

  private final LongAdder stalls = new LongAdder();
  private final LongAdder stalledNanos = new LongAdder();

  /** Stands for every code that is not ours: clients may send thousands of different ones. */
  private static final String OTHER = "other";

  /** A counter for each code that the gateway knows, so that no client can make new ones. */
  private final Map<String, LongAdder> closedByCode;

  TransportCounters() {
    Map<String, LongAdder> byCode = new TreeMap<>();
    for (CloseCode code : CloseCode.values()) {
      byCode.put(Integer.toString(code.number()), new LongAdder());
    }
    byCode.put(Integer.toString(io.sluice.websocket.frame.CloseCode.NO_STATUS), new LongAdder());
    byCode.put(Integer.toString(io.sluice.websocket.frame.CloseCode.ABNORMAL), new LongAdder());
    byCode.put(OTHER, new LongAdder());
    closedByCode = Collections.unmodifiableMap(byCode);
  }

  /** An event loop was kept from its tasks for {@code nanos}. */
  void countStall(long nanos) {
    stalls.increment();
    stalledNanos.add(nanos);
  }

  /** A WebSocket has ended with {@code code}. */
  void countClosed(int code) {
    closed.increment();
    LongAdder known = closedByCode.get(Integer.toString(code));
    (known == null ? counter(OTHER) : known).increment();
  }

  /**
   * The close codes that are counted one by one, 1005 (none given) and 1006 (no close frame) among
   * them, and {@code other}.
   */
  public Set<String> closeCodes() {
    return closedByCode.keySet();
  }

  /**
   * WebSockets that have ended with {@code code}, one of {@link #closeCodes}: the gateway's where
   * it closed first, else the peer's.
   */
  public long closedWith(String code) {
    return counter(code).sum();
  }

  private LongAdder counter(String code) {
    LongAdder counter = closedByCode.get(code);
    if (counter == null) {
      throw new IllegalArgumentException("Close code " + code + " is not counted by itself.");
    }
    return counter;
  }

  /** WebSockets that are open now. */
  public long connections() {
    return opened.sum() - closed.sum();
  }

  /** WebSockets that were opened. */
  public long opened() {
    return opened.sum();
  }

  /** Requests for a WebSocket that were refused. */
  public long refused() {
    return refused.sum();
  }

  /** WebSockets that were closed because the peer broke a rule. */
  public long failed() {
    return failed.sum();
  }

  /** Messages from peers. */
  public long messagesIn() {
    return messagesIn.sum();
  }

  /** Bytes from peers: frame headers and bodies included, TLS and heads of HTTP not. */
  public long bytesIn() {
    return bytesIn.sum();
  }

  /** Bytes of messages, and of bodies of requests, that peers have begun and not ended, now. */
  public long inboundBytes() {
    return inboundBytes.sum();
  }

  /** Times that an event loop was kept from its tasks for more than 20 ms. */
  public long stalls() {
    return stalls.sum();
  }

  /** How long event loops were kept from their tasks, those times, in nanoseconds. */
  public long stalledNanos() {
    return stalledNanos.sum();
  }

  /** Bytes to peers: frame headers and event streams included, TLS and heads of HTTP not. */
  public long bytesOut() {
    return bytesOut.sum();
  }

  /** Event streams that are open now. */
  public long streams() {
    return streamsOpened.sum() - streamsClosed.sum();
  }

  /** Event streams that were opened. */
  public long streamsOpened() {
    return streamsOpened.sum();
  }

  /** Publish requests over HTTP that were answered 200. */
  public long httpPublishes() {
    return httpPublishes.sum();
  }

  /** Requests about a channel over plain HTTP that were refused, or failed. */
  public long httpRefused() {
    return httpRefused.sum();
  }
}
