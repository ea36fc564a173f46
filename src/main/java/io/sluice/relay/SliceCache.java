package io.sluice.relay;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Slices that were read lately, the least used go first. Holds one reference to each. Reader's
 * thread.
 */
final class SliceCache {
  private record Place(Feed feed, int partition, long from) {}

  private final Map<Feed, Map<Integer, TreeMap<Long, ReplaySlice>>> byFeed = new HashMap<>();
  private final LinkedHashMap<Place, ReplaySlice> byUse = new LinkedHashMap<>(16, 0.75f, true);
  private final long maxBytes;
  private final Windows windows;
  private long bytes;

  SliceCache(long maxBytes, Windows windows) {
    this.maxBytes = maxBytes;
    this.windows = windows;
  }

  /** The slice with {@code offset}, where there is one. */
  @Nullable ReplaySlice find(Feed feed, int partition, long offset) {
    TreeMap<Long, ReplaySlice> slices = byFeed.getOrDefault(feed, Map.of()).get(partition);
    Map.Entry<Long, ReplaySlice> below = slices == null ? null : slices.floorEntry(offset);
    if (below == null || !below.getValue().contains(offset)) {
      return null;
    }
    byUse.get(new Place(feed, partition, below.getKey()));
    return below.getValue();
  }

  /** Keeps {@code slice} and takes over the caller's reference. */
  void put(Feed feed, int partition, ReplaySlice slice) {
    Place place = new Place(feed, partition, slice.from());
    remove(place);
    byUse.put(place, slice);
    byFeed
        .computeIfAbsent(feed, key -> new HashMap<>())
        .computeIfAbsent(partition, key -> new TreeMap<>())
        .put(slice.from(), slice);
    count(slice.weight());
    shrink(bytes - maxBytes);
  }

  /** Lets go of {@code excess} bytes or a little more, as far as there are any. */
  void shrink(long excess) {
    long most = bytes - Math.max(0, excess);
    while (bytes > most && !byUse.isEmpty()) {
      remove(byUse.firstEntry().getKey());
    }
  }

  /** Lets go of all slices of {@code feed}. */
  void forget(Feed feed) {
    Map<Integer, TreeMap<Long, ReplaySlice>> partitions = byFeed.remove(feed);
    if (partitions != null) {
      partitions.forEach((partition, slices) ->
          slices.forEach((from, slice) -> release(new Place(feed, partition, from), slice)));
    }
  }

  private void remove(Place place) {
    Map<Integer, TreeMap<Long, ReplaySlice>> partitions = byFeed.get(place.feed());
    TreeMap<Long, ReplaySlice> slices =
        partitions == null ? null : partitions.get(place.partition());
    ReplaySlice slice = slices == null ? null : slices.remove(place.from());
    if (slice != null) {
      release(place, slice);
    }
  }

  private void release(Place place, ReplaySlice slice) {
    byUse.remove(place);
    count(-slice.weight());
    slice.release();
  }

  private void count(long change) {
    bytes += change;
    windows.slices(change);
  }
}
