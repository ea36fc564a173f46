package io.sluice.relay;

/**
 * How many records one subscriber may be handed at a moment: what is left of its credit, and none
 * before its pace lets the next message out. Event-loop thread only.
 */
final class Allowance {
  private static final double NANOS = 1e9;
  private static final long NO_LIMIT = Long.MAX_VALUE;

  /** Of all who take what their socket takes: never changes. */
  private static final Allowance FREE = new Allowance(Flow.FREE, 0);

  private final boolean counted;
  private final long interval;
  private long credit;
  private long opensAt;

  private Allowance(Flow flow, long now) {
    this.counted = flow.credit().isPresent();
    this.credit = flow.credit().orElse(NO_LIMIT);
    // Rounded up: "at most so many a second" holds for every second, wherever it begins.
    this.interval =
        flow.maxRate().isPresent() ? (long) Math.ceil(NANOS / flow.maxRate().getAsDouble()) : 0;
    this.opensAt = now;
  }

  /**
   * What {@code flow} allows from {@code now} on.
   *
   * @param now nanoseconds of the loop's clock, here and below
   */
  static Allowance of(Flow flow, long now) {
    return flow.equals(Flow.FREE) ? FREE : new Allowance(flow, now);
  }

  /** True where messages with records keep a distance, in which they gather. */
  boolean isPaced() {
    return interval > 0;
  }

  /** True where there is some credit left, or none is needed. */
  boolean hasCredit() {
    return credit > 0;
  }

  /** How many records may be handed over at {@code now}. */
  long records(long now) {
    return isPaced() && opensAt - now > 0 ? 0 : credit;
  }

  /** From when on its pace lets the next message out. */
  long opensAt() {
    return opensAt;
  }

  /** So many records were handed over: where it is paced, in one message. */
  void spend(int records, long now) {
    if (counted) {
      credit -= records;
    }
    if (isPaced() && records > 0) {
      opensAt = now + interval;
    }
  }

  /** So many more may be handed over; false where they are not counted. */
  boolean grant(long records) {
    if (counted) {
      credit = credit > NO_LIMIT - records ? NO_LIMIT : credit + records;
    }
    return counted;
  }
}
