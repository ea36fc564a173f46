package io.sluice.relay;

/**
 * A replaying subscriber's wish for records of {@code partition} from {@code from} on, but not from
 * {@code until} on.
 *
 * @param subscriber who asks, on its event loop
 * @param asker its state when it asked: in another one it no longer cares
 * @param owner with whom it shares its turns
 */
record SliceRequest(
    Subscriber subscriber,
    Replaying asker,
    String owner,
    Feed feed,
    FeedPartition partition,
    long from,
    long until) {
  Scope scope() {
    return Scope.of(feed, partition);
  }
}
