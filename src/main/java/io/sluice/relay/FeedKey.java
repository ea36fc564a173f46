package io.sluice.relay;

/** What makes a feed what it is: two subscriptions with the same key share one feed. */
record FeedKey(Selection selection, FeedForm form) {
  static FeedKey of(SubscribeRequest request) {
    return new FeedKey(request.selection(), request.form());
  }
}
