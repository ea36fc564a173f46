package io.sluice.wire;

/**
 * Decides whether bytes are one JSON text that can be embedded in a message as they are (PROTOCOL
 * §3): RFC 8259 in valid UTF-8, no byte order mark, at most {@link #MAX_DEPTH} deep, no number over
 * {@link #MAX_NUMBER_LENGTH} characters, no escape of a lone surrogate.
 *
 * <p>A byte path: one pass, no recursion, nothing allocated but the scanner. Not thread-safe, used
 * once.
 */
final class JsonText {
  /**
   * Deeper than this a client's own parser may give up, and the whole message would be lost with
   * it.
   */
  static final int MAX_DEPTH = 128;

  /** Longer numbers cost some parsers quadratic time. */
  static final int MAX_NUMBER_LENGTH = 100;

  /** Behind so many plain characters it pays to look at eight at once: most strings are short. */
  private static final int LONG_RUN = 8;

  private final byte[] bytes;
  private final int end;

  /** Where the next byte is that nobody has read. */
  private int at;

  // Bit i tells whether the i-th open bracket is an object's: 128 levels in two words.
  private long lowObjects;
  private long highObjects;
  private int depth;

  /** A scanner of {@code bytes[from, to)} that stands at its begin. */
  JsonText(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  /** True where {@code bytes[from, to)} is such a text. */
  static boolean isJson(byte[] bytes, int from, int to) {
    return new JsonText(bytes, from, to).isText();
  }

  private boolean isText() {
    return wholeValue() && isAtEnd();
  }

  /** Where the next byte is that nobody has read. */
  int at() {
    return at;
  }

  /** Reads one value with all that is in it; false where none stands there. */
  boolean wholeValue() {
    if (!value()) {
      return false;
    }
    while (depth > 0) {
      if (!afterValue()) {
        return false;
      }
    }
    return true;
  }

  /** Whether {@code token} is what comes next, behind whitespace, which is read. */
  boolean sees(char token) {
    skipWhitespace();
    return at < end && bytes[at] == token;
  }

  /** Reads {@code token} where it is what comes next. */
  boolean accept(char token) {
    boolean there = sees(token);
    if (there) {
      at++;
    }
    return there;
  }

  /** Whether nothing but whitespace is left, which is read. */
  boolean isAtEnd() {
    skipWhitespace();
    return at == end;
  }

  /** Reads a scalar, an empty container, or opens containers down to their first scalar. */
  private boolean value() {
    while (true) {
      skipWhitespace();
      if (at == end) {
        return false;
      }
      switch (bytes[at]) {
        case '{':
          at++;
          if (!open(true)) {
            return false;
          }
          skipWhitespace();
          if (at < end && bytes[at] == '}') {
            at++;
            depth--;
            return true;
          }
          if (!name()) {
            return false;
          }
          break;
        case '[':
          at++;
          if (!open(false)) {
            return false;
          }
          skipWhitespace();
          if (at < end && bytes[at] == ']') {
            at++;
            depth--;
            return true;
          }
          break;
        case '"':
          return string();
        case 't':
          return literal('r', 'u', 'e');
        case 'n':
          return literal('u', 'l', 'l');
        case 'f':
          return end - at > 4 && bytes[at + 4] == 'e' && literal('a', 'l', 's') && at++ < end;
        default:
          return number();
      }
    }
  }

  /** After a value inside a container: a comma and the next value, or the container's end. */
  private boolean afterValue() {
    skipWhitespace();
    if (at == end) {
      return false;
    }
    boolean inObject = isObject();
    byte b = bytes[at++];
    if (b == ',') {
      return (!inObject || name()) && value();
    }
    if (b == (inObject ? '}' : ']')) {
      depth--;
      return true;
    }
    return false;
  }

  /** Reads a member's name and the colon behind it. */
  boolean name() {
    skipWhitespace();
    if (at == end || bytes[at] != '"' || !string()) {
      return false;
    }
    skipWhitespace();
    return at < end && bytes[at++] == ':';
  }

  private boolean string() {
    int here = at + 1; // behind the opening quote
    int longRun = here + LONG_RUN;
    while (here < end) {
      byte b = bytes[here];
      if (b >= 0x20 && b != '"' && b != '\\') {
        here++;
        if (here == longRun) {
          here = Words.afterPlain(bytes, here, end);
        }
        continue;
      }
      if (b == '"') {
        at = here + 1;
        return true;
      }
      if (b == '\\') {
        at = here;
        if (!escape()) {
          return false;
        }
        here = at;
      } else {
        int length = b < 0 ? Utf8.sequenceLength(bytes, here, end) : 0; // 0 to 31: a control
        if (length == 0) {
          return false;
        }
        here += length;
      }
      longRun = here + LONG_RUN;
    }
    return false;
  }

  private boolean escape() {
    if (end - at < 2) {
      return false;
    }
    byte kind = bytes[at + 1];
    if (kind != 'u') {
      at += 2;
      return kind == '"'
          || kind == '\\'
          || kind == '/'
          || kind == 'b'
          || kind == 'f'
          || kind == 'n'
          || kind == 'r'
          || kind == 't';
    }
    int unit = codeUnit();
    if (unit < 0 || unit >= 0xdc00 && unit <= 0xdfff) {
      return false;
    }
    if (unit < 0xd800 || unit > 0xdfff) {
      return true;
    }
    if (end - at < 2 || bytes[at] != '\\' || bytes[at + 1] != 'u') {
      return false;
    }
    int low = codeUnit();
    return low >= 0xdc00 && low <= 0xdfff;
  }

  /** Reads a backslash, a 'u' and four hexadecimal digits; -1 where they are not there. */
  private int codeUnit() {
    if (end - at < 6) {
      return -1;
    }
    int unit = 0;
    for (int i = at + 2; i < at + 6; i++) {
      int digit = Character.digit(bytes[i], 16);
      if (digit < 0) {
        return -1;
      }
      unit = unit << 4 | digit;
    }
    at += 6;
    return unit;
  }

  private boolean literal(char second, char third, char fourth) {
    if (end - at < 4
        || bytes[at + 1] != second
        || bytes[at + 2] != third
        || bytes[at + 3] != fourth) {
      return false;
    }
    at += 4;
    return true;
  }

  private boolean number() {
    int start = at;
    if (at < end && bytes[at] == '-') {
      at++;
    }
    if (at < end && bytes[at] == '0') {
      at++;
    } else if (!digits()) {
      return false;
    }
    if (at < end && bytes[at] == '.') {
      at++;
      if (!digits()) {
        return false;
      }
    }
    if (at < end && (bytes[at] == 'e' || bytes[at] == 'E')) {
      at++;
      if (at < end && (bytes[at] == '+' || bytes[at] == '-')) {
        at++;
      }
      if (!digits()) {
        return false;
      }
    }
    return at - start <= MAX_NUMBER_LENGTH;
  }

  private boolean digits() {
    int here = at;
    while (here < end && bytes[here] >= '0' && bytes[here] <= '9') {
      here++;
    }
    boolean any = here > at;
    at = here;
    return any;
  }

  void skipWhitespace() {
    int here = at;
    while (here < end && bytes[here] <= ' ' && isWhitespace(bytes[here])) {
      here++;
    }
    at = here;
  }

  private static boolean isWhitespace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private boolean open(boolean object) {
    if (depth == MAX_DEPTH) {
      return false;
    }
    long bit = 1L << (depth & 63);
    if (depth < 64) {
      lowObjects = object ? lowObjects | bit : lowObjects & ~bit;
    } else {
      highObjects = object ? highObjects | bit : highObjects & ~bit;
    }
    depth++;
    return true;
  }

  private boolean isObject() {
    int top = depth - 1;
    return ((top < 64 ? lowObjects : highObjects) >>> (top & 63) & 1) != 0;
  }
}
