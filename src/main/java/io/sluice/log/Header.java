package io.sluice.log;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A record header. Names may repeat within a record, and their order matters.
 *
 * @param name the header's name
 * @param value its bytes, read-only by agreement; {@code null} where the header has no value
 */
public record Header(String name, @Nullable ByteBuffer value) {
  @Override
  public String toString() {
    return name;
  }
}
