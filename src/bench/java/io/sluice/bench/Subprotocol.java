package io.sluice.bench;

import io.sluice.testing.Cbor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** In which form clients and gateway talk (docs/protocol.md, sections 1 and 9). */
enum Subprotocol {
  /** Text frames. Behind a message's last value stand the ends of record, list and message. */
  JSON("sluice.v1.json", 0x81, 3) {
    @Override
    byte[] payload(String command) {
      return command.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    byte[] beforeValue(int valueBytes) {
      return ascii("\"value\":");
    }

    @Override
    String type(byte[] message, int length) {
      String start = text(message, 0, Math.min(length, 40));
      String[] parts = start.split("\"", 5); // {"type":"welcome",…
      return parts.length == 5 && parts[1].equals("type") ? parts[3] : "";
    }
  },

  /** Binary frames. All lengths are definite, so that nothing stands behind the last value. */
  CBOR("sluice.v1.cbor", 0x82, 0) {
    @Override
    byte[] payload(String command) {
      return Cbor.fromJson(command);
    }

    /** The name, then the head of a byte string in its shortest form (RFC 8949 §3). */
    @Override
    byte[] beforeValue(int valueBytes) {
      ByteBuffer before = ByteBuffer.allocate(16).put(ascii("evalue"));
      if (valueBytes < 24) {
        before.put((byte) (0x40 | valueBytes));
      } else if (valueBytes < 256) {
        before.put((byte) 0x58).put((byte) valueBytes);
      } else {
        before.put((byte) 0x59).putShort((short) valueBytes);
      }
      byte[] bytes = new byte[before.flip().remaining()];
      before.get(bytes);
      return bytes;
    }

    /** Behind the head of the map and the name {@code type}, a text of at most 23 bytes. */
    @Override
    String type(byte[] message, int length) {
      if (length <= TEXT_AT || !text(message, 1, TEXT_AT).equals("dtype")) {
        return "";
      }
      int end = TEXT_AT + 1 + (message[TEXT_AT] & 0x1F);
      return end <= length ? text(message, TEXT_AT + 1, end) : "";
    }
  };

  private static final int TEXT_AT = 6;

  private final String token;
  private final int firstByte;
  private final int behindLast;

  Subprotocol(String token, int firstByte, int behindLast) {
    this.token = token;
    this.firstByte = firstByte;
    this.behindLast = behindLast;
  }

  /** The first byte of a whole message's frame: FIN and the opcode (RFC 6455 §5.2). */
  int firstByte() {
    return firstByte;
  }

  /** How many bytes stand behind the last value of a {@code records} message. */
  int behindLast() {
    return behindLast;
  }

  /** The request for a connection, whose key is the example of RFC 6455 §1.3. */
  byte[] upgrade() {
    return ascii(
        """
        GET /v1/ws HTTP/1.1\r
        Host: 127.0.0.1\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Protocol: %s\r
        \r
        """
            .formatted(token));
  }

  /** A client's frame with a command that is given as JSON. */
  ByteBuffer command(String json) {
    return ClientFrames.message(firstByte, payload(json));
  }

  abstract byte[] payload(String command);

  /** What stands before each value of {@code valueBytes} bytes. */
  abstract byte[] beforeValue(int valueBytes);

  /** The type of a message of the gateway's; empty where it shows none. */
  abstract String type(byte[] message, int length);

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
