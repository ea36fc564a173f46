package io.sluice.websocket.handshake;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * A view of a request's header fields in the order in which they came; a name may come more than
 * once.
 */
@FunctionalInterface
public interface RequestHeaders extends Iterable<Map.Entry<String, String>> {
  /** The fields, name and value; bytes above 127 are the characters of ISO 8859-1. */
  @Override
  Iterator<Map.Entry<String, String>> iterator();

  /** The values of all fields named {@code name}, in order; case does not matter. */
  default List<String> all(String name) {
    List<String> values = new ArrayList<>(1);
    for (Map.Entry<String, String> field : this) {
      if (field.getKey().equalsIgnoreCase(name)) {
        values.add(field.getValue());
      }
    }
    return values;
  }

  /** Headers that are given as a list. */
  static RequestHeaders of(List<Map.Entry<String, String>> fields) {
    return fields::iterator;
  }
}
