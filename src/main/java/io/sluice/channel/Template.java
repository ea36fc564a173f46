package io.sluice.channel;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A text with variables in braces, such as {@code orders-{region}}. Immutable.
 *
 * @param text as it is configured
 * @param parts what it consists of, in order
 */
record Template(String text, List<Part> parts) {
  /** A piece of a template. */
  sealed interface Part {
    /** Stands for itself; at least one character. */
    record Literal(String text) implements Part {}

    /** Stands for whatever the name of the channel has in its place. */
    record Variable(String name) implements Part {}
  }

  /**
   * Takes {@code text} apart.
   *
   * @throws IllegalArgumentException with half a sentence that says what is wrong with it
   */
  static Template parse(String text) {
    List<Part> parts = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int open = indexOrEnd(text, '{', at);
      String literal = text.substring(at, open);
      if (literal.indexOf('}') >= 0) {
        throw new IllegalArgumentException("has a } without its {");
      }
      if (!literal.isEmpty()) {
        parts.add(new Part.Literal(literal));
      }
      if (open == text.length()) {
        break;
      }
      int close = text.indexOf('}', open);
      if (close < 0) {
        throw new IllegalArgumentException("has a { without its }");
      }
      parts.add(new Part.Variable(variable(text.substring(open + 1, close))));
      at = close + 1;
    }
    return new Template(text, List.copyOf(parts));
  }

  private static int indexOrEnd(String text, char wanted, int from) {
    int index = text.indexOf(wanted, from);
    return index < 0 ? text.length() : index;
  }

  private static String variable(String name) {
    boolean legal = !name.isEmpty() && Characters.isLetter(name.charAt(0));
    for (int i = 0; legal && i < name.length(); i++) {
      legal = Characters.isOfValue(name.charAt(i));
    }
    if (!legal) {
      throw new IllegalArgumentException(
          "has the variable {"
              + name
              + "}, whose name must be letters, digits, _ and -, a letter first");
    }
    return name;
  }

  /** The names of its variables, each once. */
  Set<String> variables() {
    Set<String> names = new LinkedHashSet<>();
    for (Part part : parts) {
      if (part instanceof Part.Variable(String name)) {
        names.add(name);
      }
    }
    return names;
  }

  /** The text with each variable's value in its place; {@code values} has all of them. */
  String fill(Map<String, String> values) {
    StringBuilder filled = new StringBuilder(text.length());
    for (Part part : parts) {
      switch (part) {
        case Part.Literal(String literal) -> filled.append(literal);
        case Part.Variable(String name) -> filled.append(values.get(name));
      }
    }
    return filled.toString();
  }

  /**
   * How many bytes it has in UTF-8, at most, where no variable's value has more than {@code of}.
   */
  int longest(int of) {
    int bytes = 0;
    for (Part part : parts) {
      bytes +=
          switch (part) {
            case Part.Literal(String literal) -> literal.getBytes(StandardCharsets.UTF_8).length;
            case Part.Variable _ -> of;
          };
    }
    return bytes;
  }

  @Override
  public String toString() {
    return text;
  }
}
