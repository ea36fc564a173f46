package io.sluice.checker;

import java.util.Collection;

/** Compares what clients did and saw with what the log holds. Stateless. */
public final class Checker {
  private Checker() {}

  /**
   * The verdict over a run.
   *
   * @param histories of all clients that wrote or read
   * @param dump read after the last of them was done
   */
  public static Verdict check(Collection<History> histories, LogDump dump) {
    Findings findings = new Findings();
    PublishCheck publishes = new PublishCheck(dump, findings);
    DeliveryCheck deliveries = new DeliveryCheck(dump, findings);
    for (History history : histories) {
      publishes.check(history);
      deliveries.check(history);
    }
    return new Verdict(
        findings.counts(),
        findings.examples(),
        publishes.sent(),
        publishes.acked(),
        deliveries.received(),
        deliveries.dropped(),
        deliveries.unread());
  }
}
