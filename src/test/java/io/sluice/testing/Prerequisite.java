package io.sluice.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.function.Supplier;

/**
 * What a test needs of the machine: where it is missing the test is skipped, and says so; where
 * {@code CI} is {@code true} it fails, for there nobody looks at what was skipped.
 */
public final class Prerequisite {
  private Prerequisite() {}

  /**
   * Skips the running test, or fails it, unless what it needs is there.
   *
   * @param otherwise what is missing, and what was not tested
   */
  public static void require(boolean isThere, Supplier<String> otherwise) {
    if (!isThere && "true".equals(System.getenv("CI"))) {
      throw new AssertionError(otherwise.get() + " (CI=true: nothing is skipped)");
    }
    assumeTrue(isThere, otherwise);
  }

  /** As {@link #require(boolean, Supplier)}. */
  public static void require(boolean isThere, String otherwise) {
    require(isThere, () -> otherwise);
  }
}
