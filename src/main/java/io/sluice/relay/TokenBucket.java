package io.sluice.relay;

/**
 * So many bytes a second, with a second's worth at once. May be overdrawn, and is then closed until
 * it is paid.
 */
final class TokenBucket {
  private static final double NANOS = 1e9;

  private final double perSecond;
  private double balance;
  private long refilled;

  TokenBucket(long perSecond, long now) {
    this.perSecond = perSecond;
    this.balance = perSecond;
    this.refilled = now;
  }

  boolean isOpen(long now) {
    refill(now);
    return balance > 0;
  }

  boolean isFull(long now) {
    refill(now);
    return balance >= perSecond;
  }

  void take(long bytes) {
    balance -= bytes;
  }

  private void refill(long now) {
    balance = Math.min(perSecond, balance + perSecond * (now - refilled) / NANOS);
    refilled = now;
  }
}
