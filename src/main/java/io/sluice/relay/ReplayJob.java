package io.sluice.relay;

import java.util.ArrayList;
import java.util.List;

/** A piece that is to be read, and who waits for it. Reader's thread. */
final class ReplayJob {
  private final String owner;
  private final Scope scope;
  private final FeedPartition partition;
  private final long from;
  private final List<SliceRequest> waiting = new ArrayList<>(1);
  private long until;
  private boolean forgotten;
  private int attempts;
  private long notBefore;

  ReplayJob(SliceRequest first) {
    this.owner = first.owner();
    this.scope = first.scope();
    this.partition = first.partition();
    this.from = first.from();
    this.until = first.until();
    waiting.add(first);
  }

  String owner() {
    return owner;
  }

  Scope scope() {
    return scope;
  }

  /** The partition, as the feed knows it that asked first. */
  FeedPartition partition() {
    return partition;
  }

  long from() {
    return from;
  }

  long until() {
    return until;
  }

  void add(SliceRequest request) {
    waiting.add(request);
    until = Math.max(until, request.until());
  }

  /** Who waits, and is still there. */
  List<SliceRequest> waiting() {
    waiting.removeIf(request -> request.subscriber().isEnded());
    return List.copyOf(waiting);
  }

  boolean isForgotten() {
    return forgotten;
  }

  /** There is no use for it any more. */
  void forget() {
    forgotten = true;
    waiting.clear();
  }

  int attempts() {
    return attempts;
  }

  long notBefore() {
    return notBefore;
  }

  /** It brought nothing: it is tried again at {@code time}. */
  void delay(long time) {
    attempts++;
    notBefore = time;
  }
}
