package io.sluice.filter;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Walks once over a valid JSON text and copies what a {@link Projection} keeps of it. What leads to
 * nothing that is kept is taken back, so that no empty object stands for a path that is not there;
 * only the outermost object or array always stays. The result is never longer than the text: of
 * each kept member the name, the colon, the value and the comma stood there too. One use, one
 * thread.
 */
final class JsonCutter {
  private final byte[] json;
  private final int from;
  private final int to;
  private int at;
  private byte[] kept = {};
  private int length;

  JsonCutter(byte[] json, int from, int to) {
    this.json = json;
    this.from = from;
    this.to = to;
    this.at = from;
  }

  /** What is kept; the text itself where it is neither object nor array. */
  ByteBuffer cut(Place root) {
    skipBlanks();
    if (json[at] != '{' && json[at] != '[') {
      return ByteBuffer.wrap(json, from, to - from);
    }
    kept = new byte[to - at];
    container(root);
    return ByteBuffer.wrap(kept, 0, length);
  }

  /** Copies what is kept of a value; false where that is nothing. */
  private boolean value(Place place) {
    int start = at;
    if (place.isWhole()) {
      skipValue();
      copy(start, at);
      return true;
    }
    if (json[at] == '{' ? place.hasMembers() : json[at] == '[' && place.hasElements()) {
      return container(place);
    }
    skipValue();
    return false;
  }

  private boolean container(Place place) {
    boolean isObject = json[at] == '{';
    put(json[at++]);
    boolean any = false;
    for (int index = 0; hasNext(); index++) {
      int before = length;
      if (any) {
        put((byte) ',');
      }
      if (isObject ? member(place) : element(place, index)) {
        any = true;
      } else {
        length = before;
      }
    }
    put(json[at++]);
    return any;
  }

  /** Whether the container goes on; moves to what comes next in it, or to its closing bracket. */
  private boolean hasNext() {
    skipBlanks();
    if (json[at] == ',') {
      at++;
      skipBlanks();
    }
    return json[at] != '}' && json[at] != ']';
  }

  private boolean member(Place place) {
    int nameFrom = at;
    boolean escaped = skipString();
    int nameTo = at;
    skipBlanks();
    at++; // the colon
    skipBlanks();
    Place member =
        escaped
            ? escapedMember(place, nameFrom + 1, nameTo - 1)
            : place.member(json, nameFrom + 1, nameTo - 1);
    if (member == null) {
      skipValue();
      return false;
    }
    copy(nameFrom, nameTo);
    put((byte) ':');
    return value(member);
  }

  private boolean element(Place place, int index) {
    Place element = place.element(index);
    if (element == null) {
      skipValue();
      return false;
    }
    return value(element);
  }

  private @Nullable Place escapedMember(Place place, int nameFrom, int nameTo) {
    byte[] name = unescaped(nameFrom, nameTo);
    return place.member(name, 0, name.length);
  }

  /** Moves behind a string; true where it holds an escape. */
  private boolean skipString() {
    boolean escaped = false;
    int i = at + 1;
    while (json[i] != '"') {
      if (json[i] == '\\') {
        escaped = true;
        i++;
      }
      i++;
    }
    at = i + 1;
    return escaped;
  }

  private void skipValue() {
    int depth = 0;
    do {
      switch (json[at]) {
        case '"' -> skipString();
        case '{', '[' -> {
          depth++;
          at++;
        }
        case '}', ']' -> {
          depth--;
          at++;
        }
        case ',', ':', ' ', '\n', '\r', '\t' -> at++;
        default -> skipNumberOrWord();
      }
    } while (depth > 0);
  }

  private void skipNumberOrWord() {
    int i = at + 1;
    while (i < to && isInNumberOrWord(json[i])) {
      i++;
    }
    at = i;
  }

  private static boolean isInNumberOrWord(byte b) {
    return b >= '0' && b <= '9'
        || b >= 'a' && b <= 'z'
        || b == '.'
        || b == '-'
        || b == '+'
        || b == 'E';
  }

  private void skipBlanks() {
    while (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t') {
      at++;
    }
  }

  private void copy(int start, int end) {
    System.arraycopy(json, start, kept, length, end - start);
    length += end - start;
  }

  private void put(byte b) {
    kept[length++] = b;
  }

  /** The characters of a string with escapes, without its quotes, in UTF-8. */
  private byte[] unescaped(int start, int end) {
    StringBuilder text = new StringBuilder();
    int plain = start;
    int i = start;
    while (i < end) {
      if (json[i] != '\\') {
        i++;
        continue;
      }
      text.append(new String(json, plain, i - plain, StandardCharsets.UTF_8));
      if (json[i + 1] == 'u') {
        String digits = new String(json, i + 2, 4, StandardCharsets.US_ASCII);
        text.append((char) Integer.parseInt(digits, 16));
        i += 6;
      } else {
        text.append(
            switch (json[i + 1]) {
              case 'b' -> '\b';
              case 'f' -> '\f';
              case 'n' -> '\n';
              case 'r' -> '\r';
              case 't' -> '\t';
              default -> (char) json[i + 1]; // a quote or a slash
            });
        i += 2;
      }
      plain = i;
    }
    text.append(new String(json, plain, end - plain, StandardCharsets.UTF_8));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
