package io.sluice.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Percent-encoding (RFC 3986 §2.1), decoded once. A plus is a plus: nothing here is a form.
 * Stateless: any thread.
 */
public final class Percent {
  private static final int HEX = 16;

  private Percent() {}

  /**
   * The bytes that {@code text} stands for; {@code null} where it is not of the grammar: a {@code
   * %} without two hexadecimal digits, or a character beyond ASCII.
   */
  public static byte @Nullable [] decode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return null;
      }
      if (c != '%') {
        bytes.write(c);
        continue;
      }
      int high = digit(text, i + 1);
      int low = digit(text, i + 2);
      if (high < 0 || low < 0) {
        return null;
      }
      bytes.write(high * HEX + low);
      i += 2;
    }
    return bytes.toByteArray();
  }

  /** The same as text; {@code null} also where the bytes are not valid UTF-8. */
  public static @Nullable String decodeText(String text) {
    byte[] bytes = decode(text);
    return bytes == null || !Utf8.isValid(bytes, 0, bytes.length)
        ? null
        : new String(bytes, StandardCharsets.UTF_8);
  }

  private static int digit(String text, int at) {
    char c = at < text.length() ? text.charAt(at) : 'x';
    return c < 0x80 ? Character.digit(c, HEX) : -1;
  }
}
