package io.sluice.wire;

import io.sluice.log.Header;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Headers as messages show them: a name stands once, at the place of its first occurrence, and one
 * that repeats holds all its values in order (PROTOCOL §3).
 */
final class HeadersByName {
  /** A few are compared with each other; many are grouped, or they would hold up all others. */
  private static final int FEW = 8;

  private HeadersByName() {}

  /**
   * The headers of each name, in order; {@code null} where no name of a few repeats, so that they
   * can be written as they are.
   */
  static @Nullable Map<String, List<Header>> of(List<Header> headers) {
    if (headers.size() <= FEW && !anyRepeats(headers)) {
      return null;
    }
    Map<String, List<Header>> byName = new LinkedHashMap<>();
    for (Header header : headers) {
      byName.computeIfAbsent(header.name(), name -> new ArrayList<>(1)).add(header);
    }
    return byName;
  }

  private static boolean anyRepeats(List<Header> headers) {
    for (int i = 1; i < headers.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (headers.get(i).name().equals(headers.get(j).name())) {
          return true;
        }
      }
    }
    return false;
  }
}
