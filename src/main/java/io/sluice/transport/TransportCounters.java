package io.sluice.transport;

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

  /** Bytes from peers, frame headers included, TLS and HTTP not. */
  public long bytesIn() {
    return bytesIn.sum();
  }

  /** Bytes to peers, frame headers included, TLS and HTTP not. */
  public long bytesOut() {
    return bytesOut.sum();
  }
}
