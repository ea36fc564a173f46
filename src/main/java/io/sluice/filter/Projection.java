package io.sluice.filter;

import io.sluice.filter.FieldPath.Step;
import io.sluice.filter.FieldPath.WrongPath;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a JSON value: the members and elements that some path names, with all that is in
 * them, inside the objects and arrays that lead there (PROTOCOL §3, {@code fields}). Equal where it
 * was made of the same paths, in whatever order they were given. Immutable: any thread.
 */
public final class Projection {
  /**
   * Places that the paths lead through. Where {@code [*]} stands beside {@code [0]}, what follows
   * it is there twice; so a few paths could lead through more places than memory has.
   */
  static final int MAX_PLACES = 4_096;

  private final Place root;

  private Projection(Place root) {
    this.root = root;
  }

  /** What is made of some paths. */
  public sealed interface Reading {
    /** All of them are paths. */
    record Understood(Projection projection) implements Reading {}

    /**
     * One of them is none.
     *
     * @param index which, from 0
     * @param what what is wrong with it, and what is allowed; follows "The field … "
     */
    record Wrong(int index, String what) implements Reading {}
  }

  /** Reads {@code paths}, of which there is at least one. */
  public static Reading read(List<String> paths) {
    Place.Builder root = new Place.Builder();
    for (int i = 0; i < paths.size(); i++) {
      try {
        List<Step> steps = FieldPath.parse(paths.get(i)).steps();
        root.add(steps);
        if (root.places() > MAX_PLACES) {
          throw new WrongPath(
              "is one too many: [*] and numbers cross each other too often in these paths.");
        }
      } catch (WrongPath wrong) {
        return new Reading.Wrong(i, wrong.what());
      }
    }
    return new Reading.Understood(new Projection(root.place()));
  }

  /**
   * What is kept of {@code json[from, to)}: JSON again, each kept member and element byte for byte.
   * A value that is neither object nor array is kept whole, and then the result is a part of {@code
   * json} itself. Takes time in proportion to the text.
   *
   * @param json holds one valid JSON text
   */
  public ByteBuffer of(byte[] json, int from, int to) {
    return new JsonCutter(json, from, to).cut(root);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Projection projection && root.equals(projection.root);
  }

  @Override
  public int hashCode() {
    return root.hashCode();
  }
}
