package io.sluice.filter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A path into a JSON value.
 *
 * <pre>
 * path  = [ "$." | "$" (before a bracket) ] first *next
 * first = bare | bracket
 * next  = "." bare | bracket
 * bare  = 1*( any character but . [ ] " ' \ * blanks and controls )
 * bracket = "[" ( digits | "*" | '"' *( any character, \" or \\ ) '"' ) "]"
 * </pre>
 *
 * @param steps from the value inwards, at least one
 */
record FieldPath(List<Step> steps) {
  /** Characters of a path. */
  static final int MAX_LENGTH = 256;

  /** Steps of a path: as deep as anything that a screen shows. */
  static final int MAX_DEPTH = 32;

  private static final int MAX_DIGITS = 9;

  private static final String GRAMMAR =
      " A path is names separated by dots, [\"any name\"], [0] or [*], such as items[*].price.";

  /** One level inwards. */
  sealed interface Step {
    /** The member of an object with this name. */
    record Member(String name) implements Step {}

    /** The element of an array with this index, 0 or more. */
    record Element(int index) implements Step {}

    /** Every element of an array. */
    record EveryElement() implements Step {}
  }

  FieldPath {
    steps = List.copyOf(steps);
  }

  /**
   * Reads {@code text}.
   *
   * @throws WrongPath where it is no path
   */
  static FieldPath parse(String text) throws WrongPath {
    if (text.length() > MAX_LENGTH) {
      throw new WrongPath("must have at most " + MAX_LENGTH + " characters.");
    }
    return new Parser(text).path();
  }

  /** A text that is no path. */
  static final class WrongPath extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param what what is wrong, and what is allowed; follows "The field … "
     */
    WrongPath(String what) {
      super(what, null, false, false);
    }

    String what() {
      return String.valueOf(getMessage());
    }
  }

  private static final class Parser {
    private final String text;
    private final List<Step> steps = new ArrayList<>();
    private int at;

    Parser(String text) {
      this.text = text;
    }

    FieldPath path() throws WrongPath {
      boolean dotted = true;
      if (text.startsWith("$.")) {
        at = 2;
      } else if (text.startsWith("$[")) {
        at = 1;
      }
      while (steps.isEmpty() || at < text.length()) {
        if (steps.size() == MAX_DEPTH) {
          throw new WrongPath("must have at most " + MAX_DEPTH + " steps.");
        }
        if (at < text.length() && text.charAt(at) == '[') {
          at++;
          steps.add(bracket());
          expect(']');
        } else if (dotted) {
          steps.add(new Step.Member(bare()));
        } else {
          throw wrong();
        }
        dotted = at < text.length() && text.charAt(at) == '.';
        if (dotted) {
          at++;
          if (at == text.length() || text.charAt(at) == '[') {
            throw wrong(); // a dot that no name follows
          }
        }
      }
      return new FieldPath(steps);
    }

    private Step bracket() throws WrongPath {
      if (at == text.length()) {
        throw wrong();
      }
      return switch (text.charAt(at)) {
        case '*' -> {
          at++;
          yield new Step.EveryElement();
        }
        case '"' -> new Step.Member(quoted());
        default -> new Step.Element(index());
      };
    }

    private String bare() throws WrongPath {
      int start = at;
      while (at < text.length() && isBare(text.charAt(at))) {
        at++;
      }
      if (at == start) {
        throw wrong();
      }
      return whole(text.substring(start, at));
    }

    private static boolean isBare(char c) {
      return ".[]\"'\\*".indexOf(c) < 0
          && !Character.isWhitespace(c)
          && !Character.isSpaceChar(c)
          && !Character.isISOControl(c);
    }

    private String quoted() throws WrongPath {
      StringBuilder name = new StringBuilder();
      at++; // the opening quote
      while (at < text.length() && text.charAt(at) != '"') {
        if (text.charAt(at) == '\\') {
          at++;
          if (at == text.length() || text.charAt(at) != '"' && text.charAt(at) != '\\') {
            throw wrong();
          }
        }
        name.append(text.charAt(at));
        at++;
      }
      expect('"');
      return whole(name.toString());
    }

    private int index() throws WrongPath {
      int start = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      int digits = at - start;
      boolean leadingZero = digits > 1 && text.charAt(start) == '0';
      if (digits == 0 || digits > MAX_DIGITS || leadingZero) {
        at = start;
        throw wrong();
      }
      return Integer.parseInt(text, start, at, 10);
    }

    private void expect(char c) throws WrongPath {
      if (at == text.length() || text.charAt(at) != c) {
        throw wrong();
      }
      at++;
    }

    /** Half a character stands in no JSON text. */
    private static String whole(String name) throws WrongPath {
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
        throw new WrongPath("must not hold a lone surrogate: it is no character.");
      }
      return name;
    }

    private WrongPath wrong() {
      return new WrongPath("goes wrong at character " + (at + 1) + "." + GRAMMAR);
    }
  }
}
