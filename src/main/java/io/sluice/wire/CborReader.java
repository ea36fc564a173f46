package io.sluice.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks over the data items of a CBOR message (RFC 8949 §3) and refuses at its first byte what is
 * not well-formed, and text that is not UTF-8. One use, one thread.
 *
 * <pre>
 *   7 6 5   4 3 2 1 0
 *  +-------+-----------+----------------------+---------
 *  | major |   info    | argument, 0-8 bytes  | content
 *  +-------+-----------+----------------------+---------
 * </pre>
 *
 * An item of indefinite length ({@code info} 31) ends with a "break", 0xFF.
 */
final class CborReader {
  static final int UNSIGNED = 0;
  static final int NEGATIVE = 1;
  static final int BYTES = 2;
  static final int TEXT = 3;
  static final int ARRAY = 4;
  static final int MAP = 5;
  static final int TAG = 6;
  static final int SIMPLE_OR_FLOAT = 7;

  static final int FALSE = 20;
  static final int TRUE = 21;
  static final int NULL = 22;
  static final int ONE_BYTE = 24;
  static final int HALF = 25;
  static final int SINGLE = 26;
  static final int DOUBLE = 27;
  private static final int INDEFINITE = 31;
  private static final byte BREAK = (byte) 0xFF;

  /** No command has more than 5; what is nested is walked by recursion. */
  static final int MAX_DEPTH = 64;

  /** A value of one byte belongs into the initial byte below this (§3.3). */
  private static final int FIRST_SIMPLE_BYTE = 32;

  private final byte[] message;
  private int at;
  private int major;
  private int info;
  private long argument;

  CborReader(byte[] message, int from) {
    this.message = message;
    this.at = from;
  }

  /** Where the next item, or the content of the head that was just read, begins. */
  int at() {
    return at;
  }

  /** Of the head that was read last. */
  int major() {
    return major;
  }

  /** Of the head that was read last. */
  int info() {
    return info;
  }

  /**
   * Of the head that was read last: a number, a length, or the bits of a floating-point number;
   * unsigned.
   */
  long argument() {
    return argument;
  }

  boolean isIndefinite() {
    return info == INDEFINITE;
  }

  /** Reads the head of an item; lengths and counts that cannot be there are refused with it. */
  void head() throws InvalidCommand {
    int start = at;
    int first = next() & 0xff;
    major = first >> 5;
    info = first & 0x1f;
    if (info < ONE_BYTE) {
      argument = info;
    } else if (info <= DOUBLE) {
      argument = 0;
      for (int i = 1 << (info - ONE_BYTE); i > 0; i--) {
        argument = argument << 8 | next() & 0xff;
      }
    } else if (info != INDEFINITE || major < BYTES || major == TAG || major == SIMPLE_OR_FLOAT) {
      throw malformed(start);
    }
    boolean wrongSimple =
        major == SIMPLE_OR_FLOAT && info == ONE_BYTE && argument < FIRST_SIMPLE_BYTE;
    if (wrongSimple || !isIndefinite() && !canBeThere()) {
      throw malformed(start);
    }
  }

  /** Each byte of a string, each element and each half of a pair takes a byte at least. */
  private boolean canBeThere() {
    long left = message.length - at;
    return switch (major) {
      case BYTES, TEXT, ARRAY -> Long.compareUnsigned(argument, left) <= 0;
      case MAP -> Long.compareUnsigned(argument, left / 2) <= 0;
      default -> true;
    };
  }

  /** Whether the container that counts down {@code left} has another item; reads its break. */
  boolean hasNext(boolean indefinite, long left) throws InvalidCommand {
    if (!indefinite) {
      return left > 0;
    }
    if (at == message.length) {
      throw malformed(at);
    }
    if (message[at] != BREAK) {
      return true;
    }
    at++;
    return false;
  }

  /** Walks over a whole item. */
  void skip() throws InvalidCommand {
    skip(0);
  }

  private void skip(int depth) throws InvalidCommand {
    int start = at;
    head();
    switch (major) {
      case BYTES, TEXT -> skipString();
      case ARRAY, MAP, TAG -> {
        if (depth == MAX_DEPTH) {
          throw new InvalidCommand(null, "This CBOR is nested too deep at byte " + start + ".");
        }
        skipItems(depth + 1);
      }
      default -> {}
    }
  }

  private void skipItems(int depth) throws InvalidCommand {
    boolean indefinite = isIndefinite();
    int perStep = major == MAP ? 2 : 1;
    long left = major == TAG ? 1 : argument;
    for (; hasNext(indefinite, left); left--) {
      for (int i = 0; i < perStep; i++) {
        skip(depth);
      }
    }
  }

  /** Walks over the content of a string whose head was just read. */
  void skipString() throws InvalidCommand {
    int kind = major;
    boolean indefinite = isIndefinite();
    for (long left = 1; hasNext(indefinite, left); left--) {
      if (indefinite) {
        chunk(kind);
      }
      int from = at;
      at += (int) argument; // no longer than the message
      if (kind == TEXT && !Utf8.isValid(message, from, at)) {
        throw new InvalidCommand(
            null, "This CBOR has a text string that is not UTF-8 at byte " + from + ".");
      }
    }
  }

  /** Reads the head of one piece of a string (§3.2.3). */
  private void chunk(int kind) throws InvalidCommand {
    int start = at;
    head();
    if (major != kind || isIndefinite()) {
      throw malformed(start);
    }
  }

  /** The content of a string whose head was just read, a copy. */
  byte[] string() throws InvalidCommand {
    if (!isIndefinite()) {
      int from = at;
      at += (int) argument;
      return Arrays.copyOfRange(message, from, at);
    }
    int kind = major;
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    while (hasNext(true, 0)) {
      chunk(kind);
      content.write(message, at, (int) argument);
      at += (int) argument;
    }
    return content.toByteArray();
  }

  /** The characters of a text string whose head was just read. */
  String text() throws InvalidCommand {
    return new String(string(), StandardCharsets.UTF_8);
  }

  private byte next() throws InvalidCommand {
    if (at == message.length) {
      throw malformed(at);
    }
    return message[at++];
  }

  private static InvalidCommand malformed(int at) {
    return new InvalidCommand(null, "This is not well-formed CBOR at byte " + at + ".");
  }
}
