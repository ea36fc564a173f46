package io.sluice.app;

import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;

/** Guesses which name was meant by one that is not known. */
final class NearestName {
  private NearestName() {}

  /** The one of {@code names} that is most like {@code wanted}, unless none is like it at all. */
  static Optional<String> to(String wanted, Collection<String> names) {
    String best = null;
    int distance = wanted.length() / 3 + 1;
    for (String name : names) {
      int steps = steps(wanted, name);
      if (steps < distance) {
        distance = steps;
        best = name;
      }
    }
    return Optional.ofNullable(best);
  }

  /** How many letters must be put in, left out or changed to make one of the other. */
  private static int steps(String from, String to) {
    int[] row = new int[to.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
