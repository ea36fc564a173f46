package io.sluice.filter;

import io.sluice.filter.FieldPath.Step;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A place in JSON values that some path of a {@link Projection} reaches: a node of the tree that
 * the paths make. Every member and element leads to at most one place. Immutable: any thread.
 */
final class Place {
  private final boolean isWhole;

  /** Names of members in UTF-8, ascending as strings, each with the place at the same index. */
  private final byte[][] names;

  private final Place[] members;

  /** Indexes of elements, ascending, each with the place at the same index. */
  private final int[] indexes;

  private final Place[] elements;

  /** Where elements lead that have no place of their own; null where nothing of them is kept. */
  private final @Nullable Place others;

  private final int hash;

  private Place(Builder built) {
    isWhole = built.isWhole;
    names =
        built.members.keySet().stream()
            .map(name -> name.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    members = places(built.members.values());
    indexes = built.elements.keySet().stream().mapToInt(Integer::intValue).toArray();
    elements = places(built.elements.values());
    others = built.others == null ? null : built.others.place();
    hash =
        Arrays.deepHashCode(
            new @Nullable Object[] {isWhole, names, members, indexes, elements, others});
  }

  private static Place[] places(Collection<Builder> built) {
    return built.stream().map(Builder::place).toArray(Place[]::new);
  }

  /** Whether a path ends here: the value is kept whole. */
  boolean isWhole() {
    return isWhole;
  }

  /** Whether something of an object is kept here. */
  boolean hasMembers() {
    return names.length > 0;
  }

  /** Whether something of an array is kept here. */
  boolean hasElements() {
    return elements.length > 0 || others != null;
  }

  /** Where the member leads whose name is {@code utf8[from, to)}; null where nowhere. */
  @Nullable Place member(byte[] utf8, int from, int to) {
    for (int i = 0; i < names.length; i++) {
      byte[] name = names[i];
      if (name.length == to - from && Arrays.equals(name, 0, name.length, utf8, from, to)) {
        return members[i];
      }
    }
    return null;
  }

  /** Where the element with this index leads; null where nowhere. */
  @Nullable Place element(int index) {
    int found = Arrays.binarySearch(indexes, index);
    return found < 0 ? others : elements[found];
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Place place
        && hash == place.hash
        && isWhole == place.isWhole
        && Arrays.deepEquals(names, place.names)
        && Arrays.equals(members, place.members)
        && Arrays.equals(indexes, place.indexes)
        && Arrays.equals(elements, place.elements)
        && (others == null ? place.others == null : others.equals(place.others));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** A place to which paths are still added. One thread. */
  static final class Builder {
    private final Map<String, Builder> members = new TreeMap<>();
    private final Map<Integer, Builder> elements = new TreeMap<>();
    private @Nullable Builder others;
    private boolean isWhole;

    /** Leads {@code steps} on from here. */
    void add(List<Step> steps) {
      if (isWhole) {
        return; // what is kept whole is not cut
      }
      if (steps.isEmpty()) {
        isWhole = true;
        members.clear();
        elements.clear();
        others = null;
        return;
      }
      List<Step> rest = steps.subList(1, steps.size());
      for (Builder next : next(steps.getFirst())) {
        next.add(rest);
      }
    }

    private List<Builder> next(Step step) {
      return switch (step) {
        case Step.Member(String name) ->
            List.of(members.computeIfAbsent(name, key -> new Builder()));
        // What holds for every element holds for this one too.
        case Step.Element(int index) ->
            List.of(
                elements.computeIfAbsent(
                    index, key -> others == null ? new Builder() : others.copy()));
        case Step.EveryElement() -> {
          if (others == null) {
            others = new Builder();
          }
          List<Builder> all = new ArrayList<>(elements.values());
          all.add(others);
          yield all;
        }
      };
    }

    private Builder copy() {
      Builder copy = new Builder();
      members.forEach((name, place) -> copy.members.put(name, place.copy()));
      elements.forEach((index, place) -> copy.elements.put(index, place.copy()));
      copy.others = others == null ? null : others.copy();
      copy.isWhole = isWhole;
      return copy;
    }

    /** How many places there are, this one included. */
    int places() {
      int places = 1 + (others == null ? 0 : others.places());
      for (Builder member : members.values()) {
        places += member.places();
      }
      for (Builder element : elements.values()) {
        places += element.places();
      }
      return places;
    }

    Place place() {
      return new Place(this);
    }
  }
}
