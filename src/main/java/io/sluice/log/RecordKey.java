package io.sluice.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a record's key, compared by content. Immutable: any thread. */
public final class RecordKey {
  private final byte[] bytes;
  private final int hash;

  private RecordKey(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  /** The key with these bytes, which are copied. */
  public static RecordKey of(byte[] bytes) {
    return new RecordKey(bytes.clone());
  }

  /** The key whose bytes are {@code text} in UTF-8. */
  public static RecordKey of(String text) {
    return new RecordKey(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The key with the remaining bytes of {@code buffer}, which are copied. */
  public static RecordKey of(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return new RecordKey(bytes);
  }

  /** The bytes, to be read where they lie. */
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** The bytes, a copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecordKey key && hash == key.hash && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** Says nothing of its content: keys are payload. */
  @Override
  public String toString() {
    return "key of " + bytes.length + " B";
  }
}
