package io.sluice.websocket.handshake;

import io.sluice.websocket.handshake.ExtensionOffer.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses the comma-separated lists of the handshake in one pass, each character looked at once (RFC
 * 9110 §5.6.1; RFC 6455 §9.1). Fields of one name are one list. Empty elements are skipped.
 */
final class HeaderLists {
  private final String text;
  private int at;

  private HeaderLists(String text) {
    this.text = text;
  }

  /** The tokens of a list; null where something in it is no token. */
  static @Nullable List<String> tokens(List<String> values) {
    List<String> tokens = new ArrayList<>();
    for (String value : values) {
      HeaderLists list = new HeaderLists(value);
      while (list.hasElement()) {
        String token = list.token();
        if (token.isEmpty() || !list.endsElement()) {
          return null;
        }
        tokens.add(token);
      }
    }
    return tokens;
  }

  /**
   * Whether {@code wanted} is an element, in any case. The others may be anything ({@code h2c/1}).
   */
  static boolean holdsIgnoringCase(List<String> values, String wanted) {
    for (String value : values) {
      int start = 0;
      while (start <= value.length()) {
        int comma = value.indexOf(',', start);
        int end = comma < 0 ? value.length() : comma;
        int from = start;
        int to = end;
        while (from < to && isBlank(value.charAt(from))) {
          from++;
        }
        while (to > from && isBlank(value.charAt(to - 1))) {
          to--;
        }
        if (to - from == wanted.length()
            && value.regionMatches(true, from, wanted, 0, wanted.length())) {
          return true;
        }
        start = end + 1;
      }
    }
    return false;
  }

  /** The offers of {@code Sec-WebSocket-Extensions}; null where they are not of its grammar. */
  static @Nullable List<ExtensionOffer> extensions(List<String> values) {
    List<ExtensionOffer> offers = new ArrayList<>();
    for (String value : values) {
      HeaderLists list = new HeaderLists(value);
      while (list.hasElement()) {
        ExtensionOffer offer = list.offer();
        if (offer == null) {
          return null;
        }
        offers.add(offer);
      }
    }
    return offers;
  }

  private @Nullable ExtensionOffer offer() {
    String name = token();
    List<Parameter> parameters = new ArrayList<>();
    while (!name.isEmpty() && skipped(';')) {
      skipBlanks();
      String parameter = token();
      String value = "";
      if (skipped('=')) {
        skipBlanks();
        value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
        if (value.isEmpty()) {
          return null;
        }
      }
      if (parameter.isEmpty()) {
        return null;
      }
      parameters.add(new Parameter(parameter, value));
    }
    return !name.isEmpty() && endsElement() ? new ExtensionOffer(name, parameters) : null;
  }

  /** A quoted string whose content is a token, as §9.1 demands; empty where it is not. */
  private String quoted() {
    at++;
    StringBuilder content = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return content.toString();
      }
      if (c == '\\' && at < text.length()) {
        c = text.charAt(at++);
      }
      if (!isTokenChar(c)) {
        return "";
      }
      content.append(c);
    }
    return "";
  }

  /** Moves to the next element that is not empty. */
  private boolean hasElement() {
    while (at < text.length() && (text.charAt(at) == ',' || isBlank(text.charAt(at)))) {
      at++;
    }
    return at < text.length();
  }

  private String token() {
    int start = at;
    while (at < text.length() && isTokenChar(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  /** Whether only blanks stand before the next comma or the end. */
  private boolean endsElement() {
    skipBlanks();
    return at == text.length() || text.charAt(at) == ',';
  }

  private boolean skipped(char c) {
    skipBlanks();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void skipBlanks() {
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** Characters of a token (RFC 9110 §5.6.2). */
  private static boolean isTokenChar(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }
}
