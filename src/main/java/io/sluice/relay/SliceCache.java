package io.sluice.relay;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Pieces that were read lately, the least used go first. Holds one reference to each. Reader's
 * thread.
 */
final class SliceCache {
  private record Place(Scope scope, long from) {}

  private final Map<Scope, TreeMap<Long, Piece>> byScope = new HashMap<>();
  private final LinkedHashMap<Place, Piece> byUse = new LinkedHashMap<>(16, 0.75f, true);
  private final long maxBytes;
  private final Windows windows;
  private long bytes;

  SliceCache(long maxBytes, Windows windows) {
    this.maxBytes = maxBytes;
    this.windows = windows;
  }

  /** The piece with {@code offset}, where there is one. */
  @Nullable Piece find(Scope scope, long offset) {
    TreeMap<Long, Piece> pieces = byScope.get(scope);
    Map.Entry<Long, Piece> below = pieces == null ? null : pieces.floorEntry(offset);
    if (below == null || !below.getValue().contains(offset)) {
      return null;
    }
    byUse.get(new Place(scope, below.getKey()));
    return below.getValue();
  }

  /** Keeps {@code piece} and takes over the caller's reference. */
  void put(Scope scope, Piece piece) {
    Place place = new Place(scope, piece.from());
    remove(place);
    byUse.put(place, piece);
    byScope.computeIfAbsent(scope, key -> new TreeMap<>()).put(piece.from(), piece);
    count(piece.weight());
    shrink(bytes - maxBytes);
  }

  /** Lets go of {@code excess} bytes or a little more, as far as there are any. */
  void shrink(long excess) {
    long most = bytes - Math.max(0, excess);
    while (bytes > most && !byUse.isEmpty()) {
      remove(byUse.firstEntry().getKey());
    }
  }

  /** Lets go of all pieces of {@code scope}. */
  void forget(Scope scope) {
    TreeMap<Long, Piece> pieces = byScope.remove(scope);
    if (pieces != null) {
      pieces.forEach((from, piece) -> release(new Place(scope, from), piece));
    }
  }

  private void remove(Place place) {
    TreeMap<Long, Piece> pieces = byScope.get(place.scope());
    Piece piece = pieces == null ? null : pieces.remove(place.from());
    if (pieces != null && pieces.isEmpty()) {
      byScope.remove(place.scope());
    }
    if (piece != null) {
      release(place, piece);
    }
  }

  private void release(Place place, Piece piece) {
    byUse.remove(place);
    count(-piece.weight());
    piece.release();
  }

  private void count(long change) {
    bytes += change;
    windows.slices(change);
  }
}
