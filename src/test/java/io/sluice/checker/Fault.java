package io.sluice.checker;

/** How a promise can be broken (RELIABILITY, "Invariants the checker computes"). */
public enum Fault {
  /** C1: it was acknowledged, and the log does not have it there. */
  LOST("C1"),
  /**
   * C2: it was received and the log does not have it there, or it was refused and the log has it.
   */
  PHANTOM("C2"),
  /** C3: two readers saw different values at one place. */
  DIVERGENCE("C3"),
  /** C4: records were left out without a word. */
  SILENT_GAP("C4"),
  /** C4: an offset came after a higher one of its subscription. */
  INVERSION("C4"),
  /** C4: an application saw an offset twice, or one publish stands in the log twice. */
  DUPLICATE("C4"),
  /**
   * C8: the log has a connection's records of one partition in another order than they were sent
   * in.
   */
  REORDER("C8"),
  /** C9: a value was read from a topic that it was not sent to, or is damaged. */
  MISROUTING("C9");

  private final String invariant;

  Fault(String invariant) {
    this.invariant = invariant;
  }

  /** The invariant that it breaks. */
  public String invariant() {
    return invariant;
  }
}
