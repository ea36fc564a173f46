package io.sluice.wire;

import java.nio.ByteBuffer;

/** What is kept of values that are JSON (the option {@code fields}, PROTOCOL §3). Any thread. */
@FunctionalInterface
public interface JsonProjection {
  /**
   * What is kept of {@code json[from, to)}, itself one JSON text. May be a part of {@code json}
   * itself: nobody changes it.
   *
   * @param json holds one valid JSON text, at most {@link JsonText#MAX_DEPTH} deep
   */
  ByteBuffer of(byte[] json, int from, int to);
}
