package io.sluice.app;

/**
 * {@link ProbedSluice}, whose watch tells what it sees on standard error: standard output is left
 * to the log, for a test that does not read it.
 */
public final class UnreadSluice {
  private UnreadSluice() {}

  /** As {@link ProbedSluice#main}. */
  public static void main(String[] args) {
    System.setOut(System.err);
    ProbedSluice.main(args);
  }
}
