package io.sluice.websocket;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bytes as wire cases write them: hex, quoted UTF-8, and either of them times a number. */
public final class WireBytes {
  private static final Pattern TOKEN =
      Pattern.compile("\\s*(?:\"([^\"]*)\"|((?:[0-9a-fA-F]{2})+))(?:\\*(\\d+))?(?=\\s|$)");

  private WireBytes() {}

  /** Parses {@code text}; anything it does not know is an error. */
  public static byte[] parse(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Matcher token = TOKEN.matcher(text.strip());
    int at = 0;
    while (at < text.strip().length()) {
      if (!token.find(at) || token.start() != at) {
        throw new IllegalArgumentException("no bytes: " + text.strip().substring(at));
      }
      byte[] unit =
          token.group(1) != null
              ? token.group(1).getBytes(StandardCharsets.UTF_8)
              : HexFormat.of().parseHex(token.group(2));
      int times = token.group(3) == null ? 1 : Integer.parseInt(token.group(3));
      for (int i = 0; i < times; i++) {
        bytes.writeBytes(unit);
      }
      at = token.end();
    }
    return bytes.toByteArray();
  }
}
