package io.sluice.filter;

import io.sluice.log.RecordKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who belongs to which key, found by one look-up however many there are. Not for several threads.
 *
 * <p>The bytes of a key are compared where they lie: a look-up copies nothing. That byte buffers
 * have an order is what keeps it short even where somebody has chosen keys of one hash.
 */
public final class KeyIndex<V> {
  private final Map<ByteBuffer, List<V>> byKey = new HashMap<>();

  /** {@code value} belongs to {@code key}, behind those that did before. */
  public void add(RecordKey key, V value) {
    add(key.buffer(), value);
  }

  /** The same for the key that lies in {@code key}, whose bytes do not change while it is here. */
  public void add(ByteBuffer key, V value) {
    byKey.computeIfAbsent(key, bytes -> new ArrayList<>(1)).add(value);
  }

  /** {@code value} belongs to {@code key} no longer; nothing where it did not. */
  public void remove(RecordKey key, V value) {
    byKey.computeIfPresent(
        key.buffer(), (bytes, values) -> values.remove(value) && values.isEmpty() ? null : values);
  }

  /** Those that belong to the key in {@code key}, in order; none for a record without one. */
  public List<V> of(@Nullable ByteBuffer key) {
    return key == null ? List.of() : byKey.getOrDefault(key, List.of());
  }

  /** Those that belong to {@code key}, in order. */
  public List<V> of(RecordKey key) {
    return of(key.buffer());
  }

  /** True where nobody belongs to any key. */
  public boolean isEmpty() {
    return byKey.isEmpty();
  }

  /** All, a copy. */
  public List<V> values() {
    return byKey.values().stream().flatMap(List::stream).toList();
  }
}
