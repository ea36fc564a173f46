package io.sluice.relay;

/** What becomes of a subscriber that falls out of the retained window. */
public enum Overflow {
  /** It reads on from the log and joins the window again. */
  REPLAY,
  /** It jumps to the middle of the window and is told what it missed. */
  SKIP,
  /** It ends, and is told where it stood. */
  END
}
