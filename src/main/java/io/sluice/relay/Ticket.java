package io.sluice.relay;

/** A subscription on its way to the reader's thread and back. */
record Ticket(SocketCursors socket, SubscribeRequest request, SubscriptionListener listener) {
  FeedKey key() {
    return FeedKey.of(request);
  }

  LoopRelay loop() {
    return socket.loop;
  }

  /** There is no subscription. Any thread. */
  void refuse(Refusal refusal) {
    loop().execute(() -> socket.onRefused(this, refusal));
  }
}
