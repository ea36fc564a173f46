package io.sluice.relay;

import io.sluice.log.TopicPattern;
import java.util.List;

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

  /** Those that match, as they come and go; there may be none. */
  record Matching(TopicPattern pattern) implements Topics {
    @Override
    public boolean include(String name) {
      return pattern.matches(name);
    }

    @Override
    public String toString() {
      return pattern.toString();
    }
  }
}
