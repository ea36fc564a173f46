package io.sluice.relay;

import io.sluice.log.TopicPattern;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Which topics are read. */
public sealed interface Topics {
  /** Whether {@code name} is one of them, or would be if it were there. */
  boolean include(String name);

  /** These: each has to be there, and when one is deleted there is no reading on. */
  record Named(List<String> names) implements Topics {
    /** Their order has no meaning. */
    public Named {
      names = names.stream().distinct().sorted().toList();
      if (names.isEmpty()) {
        throw new IllegalArgumentException("A selection has at least one topic.");
      }
    }

    @Override
    public boolean include(String name) {
      return names.contains(name);
    }

    @Override
    public String toString() {
      return String.join(",", names);
    }
  }

  /**
   * Those of a glob, as they come and go; there may be none.
   *
   * @param pattern the glob
   * @param named topics that belong to it whatever their names are
   * @param others which of those that match belong to it too; the same object for the same rule
   */
  record Matching(TopicPattern pattern, Set<String> named, Predicate<String> others)
      implements Topics {
    private static final Predicate<String> ALL = name -> true;

    public Matching {
      named = Set.copyOf(named);
    }

    /** All that match {@code pattern}. */
    public Matching(TopicPattern pattern) {
      this(pattern, Set.of(), ALL);
    }

    @Override
    public boolean include(String name) {
      return named.contains(name) || pattern.matches(name) && others.test(name);
    }

    @Override
    public String toString() {
      return pattern.toString();
    }
  }
}
