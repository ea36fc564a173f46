package io.sluice.checker;

import io.sluice.log.Partition;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the log holds for a reader of committed records: the truth that histories are compared with.
 * An offset inside of a partition's range that has no entry is a control record, was aborted or was
 * compacted away. Immutable once built.
 */
public final class LogDump {
  /** A record of the log. */
  public record Entry(long offset, @Nullable String key, @Nullable String value) {}

  private record Contents(long oldest, long end, NavigableMap<Long, Entry> entries) {}

  private final Map<Partition, Contents> partitions;

  private LogDump(Map<Partition, Contents> partitions) {
    this.partitions = partitions;
  }

  /** Builds a dump. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Bytes as histories and dumps write them: text where it is UTF-8, else {@code base64:…}; {@code
   * null} stays.
   */
  public static @Nullable String text(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notText) {
      return "base64:" + Base64.getEncoder().encodeToString(bytes);
    }
  }

  /** The record at {@code offset}, {@code null} where there is none. */
  @Nullable Entry entry(Partition partition, long offset) {
    Contents contents = partitions.get(partition);
    return contents == null ? null : contents.entries().get(offset);
  }

  /** Whether the dump can tell what is, or is not, at {@code offset}. */
  boolean covers(Partition partition, long offset) {
    Contents contents = partitions.get(partition);
    return contents != null && offset >= contents.oldest() && offset < contents.end();
  }

  /**
   * Whether {@code offset} lies behind the end of a partition that the dump has: there is nothing.
   */
  boolean isBehind(Partition partition, long offset) {
    Contents contents = partitions.get(partition);
    return contents != null && offset >= contents.end();
  }

  /** The records with offsets in {@code [from, to)}, in order. */
  Collection<Entry> between(Partition partition, long from, long to) {
    Contents contents = partitions.get(partition);
    return contents == null || from >= to
        ? List.of()
        : contents.entries().subMap(from, to).values();
  }

  /** Where each partition ended when it was read: the next offset. */
  public Map<Partition, Long> ends() {
    Map<Partition, Long> ends = new TreeMap<>();
    partitions.forEach((partition, contents) -> ends.put(partition, contents.end()));
    return ends;
  }

  /** The offset behind the last record of each partition: how far a reader can be seen to get. */
  public Map<Partition, Long> reach() {
    Map<Partition, Long> reach = new TreeMap<>();
    partitions.forEach((partition, contents) ->
        reach.put(partition, contents.entries().isEmpty() ? 0 : contents.entries().lastKey() + 1));
    return reach;
  }

  /** How many records the dump has. */
  public int size() {
    return partitions.values().stream().mapToInt(contents -> contents.entries().size()).sum();
  }

  /** Every place at which a value stands. */
  Map<String, List<Place>> placesByValue() {
    Map<String, List<Place>> places = new HashMap<>();
    partitions.forEach((partition, contents) -> {
      for (Entry entry : contents.entries().values()) {
        String value = entry.value();
        if (value != null) {
          places
              .computeIfAbsent(value, _ -> new ArrayList<>(1))
              .add(new Place(partition, entry.offset()));
        }
      }
    });
    return places;
  }

  /** Where a value stands; nowhere or more than once is possible. */
  public List<Place> placesOf(String value) {
    return placesByValue().getOrDefault(value, List.of());
  }

  /** A place in the log. */
  public record Place(Partition partition, long offset) {
    @Override
    public String toString() {
      return partition + "@" + offset;
    }
  }

  /** Collects a dump, one partition after the other. */
  public static final class Builder {
    private final Map<Partition, Contents> partitions = new HashMap<>();

    private Builder() {}

    /** A partition that holds offsets in {@code [oldest, end)}. */
    public Builder partition(Partition partition, long oldest, long end) {
      partitions.put(partition, new Contents(oldest, end, new TreeMap<>()));
      return this;
    }

    /** A record in a partition that was named before. */
    public Builder entry(
        Partition partition, long offset, @Nullable String key, @Nullable String value) {
      Contents contents = partitions.get(partition);
      if (contents == null) {
        throw new IllegalStateException(partition + " was not named before its records.");
      }
      contents.entries().put(offset, new Entry(offset, key, value));
      return this;
    }

    /** The dump. */
    public LogDump build() {
      return new LogDump(Map.copyOf(partitions));
    }
  }
}
