package io.sluice.wire;

import java.nio.charset.StandardCharsets;

/**
 * A walk over the members of an object or the elements of an array, in one pass over their bytes.
 * It takes the everyday text only, that which {@link JsonText} can embed, with names that have no
 * escape; at anything else it stops, and the parser, which takes more and says what is wrong, has
 * the last word. One use, one thread.
 *
 * <pre>
 * parts = begin *( next ) ; then isWhole tells whether there was nothing to stop at
 * </pre>
 */
final class JsonParts {
  /** The parser has a limit of its own; nothing of ours has a name like that. */
  private static final int MAX_NAME_BYTES = 1_000;

  private final byte[] bytes;
  private final JsonText text;
  private final boolean named;
  private final char close;

  private boolean whole;
  private boolean stopped;
  private boolean first = true;
  private String name = "";
  private int from;
  private int to;

  private JsonParts(byte[] bytes, int from, int to, char open, char close) {
    this.bytes = bytes;
    this.text = new JsonText(bytes, from, to);
    this.named = close == '}';
    this.close = close;
    this.stopped = !text.accept(open);
  }

  /** The members of the object that is all of {@code bytes[from, to)}. */
  static JsonParts ofObject(byte[] bytes, int from, int to) {
    return new JsonParts(bytes, from, to, '{', '}');
  }

  /** The elements of the array that is all of {@code bytes[from, to)}. */
  static JsonParts ofArray(byte[] bytes, int from, int to) {
    return new JsonParts(bytes, from, to, '[', ']');
  }

  /** Goes to the next part; false where there is none, or none that is taken here. */
  boolean next() {
    if (whole || stopped) {
      return false;
    }
    if (text.accept(close)) {
      whole = text.isAtEnd();
      return false;
    }
    stopped = !first && !text.accept(',') || named && !readName() || !readValue();
    first = false;
    return !stopped;
  }

  private boolean readName() {
    text.skipWhitespace();
    int begin = text.at() + 1;
    if (!text.name()) {
      return false;
    }
    int end = begin;
    while (bytes[end] != '"') {
      if (bytes[end] == '\\') {
        return false;
      }
      end++;
    }
    name = new String(bytes, begin, end - begin, StandardCharsets.UTF_8);
    return end - begin <= MAX_NAME_BYTES;
  }

  /** A value is whole only where its container goes on or ends behind it: 0 is not, in 01. */
  private boolean readValue() {
    text.skipWhitespace();
    from = text.at();
    if (!text.wholeValue()) {
      return false;
    }
    to = text.at();
    return text.sees(',') || text.sees(close);
  }

  /** The name of the member. */
  String name() {
    return name;
  }

  /** Where the part's value begins. */
  int from() {
    return from;
  }

  /** Where it ends. */
  int to() {
    return to;
  }

  /** What it is. */
  Value.Kind kind() {
    return switch (bytes[from]) {
      case '{' -> Value.Kind.OBJECT;
      case '[' -> Value.Kind.ARRAY;
      case '"' -> Value.Kind.TEXT;
      case 'n' -> Value.Kind.NULL;
      case 't', 'f' -> Value.Kind.OTHER;
      default -> isDecimal() ? Value.Kind.DECIMAL : Value.Kind.INTEGER;
    };
  }

  private boolean isDecimal() {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '.' || bytes[i] == 'e' || bytes[i] == 'E') {
        return true;
      }
    }
    return false;
  }

  /** Whether all parts were walked over, and nothing else is there. */
  boolean isWhole() {
    return whole;
  }
}
