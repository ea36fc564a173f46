package io.sluice.relay;

import io.sluice.filter.Projection;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a feed's records look: with the {@link Selection} it makes a feed what it is.
 *
 * @param format the wire format
 * @param value the form of values
 * @param fields what is kept of values that are JSON; {@code null} for all of it, as always where
 *     values are not shown as JSON
 * @param maxRecordBytes the largest record, in bytes as the log stores it; a larger one is a gap,
 *     as is one beyond the relay's own limit
 */
public record FeedForm(
    WireFormat format, ValueForm value, @Nullable Projection fields, int maxRecordBytes) {
  public FeedForm {
    if (value != ValueForm.AUTO) {
      fields = null;
    }
  }

  /** A form in which values are whole. */
  public FeedForm(WireFormat format, ValueForm value) {
    this(format, value, null, Integer.MAX_VALUE);
  }

  /** One of some paths is none: which, from 0; and what is wrong and what is allowed. */
  public record WrongPath(int index, String what) {}

  /** What is wrong with {@code paths}; null where nothing. */
  public static @Nullable WrongPath wrongPath(List<String> paths) {
    return switch (Projection.read(paths)) {
      case Projection.Reading.Understood _ -> null;
      case Projection.Reading.Wrong(int index, String what) -> new WrongPath(index, what);
    };
  }

  /** This form with only what {@code paths} name of each value; they have nothing wrong. */
  public FeedForm keeping(List<String> paths) {
    return switch (Projection.read(paths)) {
      case Projection.Reading.Understood(Projection projection) ->
          new FeedForm(format, value, projection, maxRecordBytes);
      case Projection.Reading.Wrong wrong ->
          throw new IllegalStateException("Paths that were refused: " + wrong);
    };
  }

  /** This form with no record above {@code bytes}. */
  public FeedForm limitedTo(int bytes) {
    return new FeedForm(format, value, fields, bytes);
  }

  /** Whether something of a value may be left out. */
  public boolean isProjected() {
    return fields != null;
  }

  /** What is kept of {@code json[from, to)}, one valid JSON text; see {@link Projection#of}. */
  public ByteBuffer project(byte[] json, int from, int to) {
    return fields == null ? ByteBuffer.wrap(json, from, to - from) : fields.of(json, from, to);
  }
}
