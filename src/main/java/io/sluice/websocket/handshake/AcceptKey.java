package io.sluice.websocket.handshake;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The proof that a server has read the client's key (RFC 6455 §4.2.2, item 5.4). */
public final class AcceptKey {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  /** 16 bytes in base64: 22 characters and two of padding. */
  private static final int KEY_CHARS = 24;

  private AcceptKey() {}

  /** The value of {@code Sec-WebSocket-Accept} that answers {@code key}. */
  public static String of(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] digest = sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  /**
   * Whether {@code key} is 16 bytes in base64, which is all that is asked of it (§4.2.1, item 5).
   */
  static boolean isKey(String key) {
    if (key.length() != KEY_CHARS || !key.endsWith("==")) {
      return false;
    }
    for (int i = 0; i < KEY_CHARS - 2; i++) {
      char c = key.charAt(i);
      boolean base64 =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '+'
              || c == '/';
      if (!base64) {
        return false;
      }
    }
    return true;
  }
}
