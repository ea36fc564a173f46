package io.sluice.channel;

import io.sluice.channel.Template.Part;
import io.sluice.log.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The name of a channel as it is configured: segments between {@code /} and {@code .}, each with at
 * most one variable, such as {@code prices/{symbol}} or {@code orders.eu-{country}}. A variable
 * stands for one or more characters that are no separators. Immutable.
 */
final class NameTemplate {
  /**
   * A piece of the name between two separators.
   *
   * @param separator what stands before it; 0 before the first
   * @param prefix literal text before the variable, or all of the segment
   * @param variable the variable's name; {@code null} where there is none
   * @param suffix literal text behind the variable
   */
  private record Segment(char separator, String prefix, @Nullable String variable, String suffix) {
    /** Whether some text is both a text of this segment and one of {@code other}. */
    boolean overlaps(Segment other) {
      if (separator != other.separator) {
        return false;
      }
      if (variable == null) {
        return other.accepts(prefix);
      }
      if (other.variable == null) {
        return accepts(other.prefix);
      }
      return (prefix.startsWith(other.prefix) || other.prefix.startsWith(prefix))
          && (suffix.endsWith(other.suffix) || other.suffix.endsWith(suffix));
    }

    /** Whether {@code text} is one of this segment. */
    boolean accepts(String text) {
      return variable == null
          ? text.equals(prefix)
          : text.length() > prefix.length() + suffix.length()
              && text.startsWith(prefix)
              && text.endsWith(suffix);
    }
  }

  private final Template template;
  private final List<Segment> segments;

  private NameTemplate(Template template, List<Segment> segments) {
    this.template = template;
    this.segments = segments;
  }

  /**
   * Takes {@code text} apart.
   *
   * @throws IllegalArgumentException with half a sentence that says what is wrong with it
   */
  static NameTemplate parse(String text) {
    Template template = Template.parse(text);
    if (text.isEmpty()) {
      throw new IllegalArgumentException("has no character");
    }
    List<Segment> segments = segments(template);
    int shortest = segments.size() - 1;
    Set<String> variables = new HashSet<>();
    for (Segment segment : segments) {
      shortest += segment.prefix().length() + segment.suffix().length();
      if (segment.variable() != null) {
        shortest++;
        if (!variables.add(segment.variable())) {
          throw new IllegalArgumentException("has {" + segment.variable() + "} twice");
        }
      } else if (segment.prefix().isEmpty()) {
        throw new IllegalArgumentException("has an empty segment");
      }
    }
    if (shortest > Topic.MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "is longer than the " + Topic.MAX_NAME_LENGTH + " characters that a name may have");
    }
    return new NameTemplate(template, List.copyOf(segments));
  }

  private static List<Segment> segments(Template template) {
    List<Segment> segments = new ArrayList<>();
    StringBuilder before = new StringBuilder();
    StringBuilder literal = new StringBuilder();
    char separator = 0;
    String variable = null;
    for (Part part : template.parts()) {
      switch (part) {
        case Part.Variable(String name) -> {
          if (variable != null) {
            throw new IllegalArgumentException(
                "has two variables in one segment; between two variables stands a / or a .");
          }
          variable = name;
          before.append(literal);
          literal.setLength(0);
        }
        case Part.Literal(String text) -> {
          for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Characters.isSeparator(c)) {
              segments.add(segment(separator, before, variable, literal));
              separator = c;
              variable = null;
            } else if (Characters.isOfValue(c)) {
              literal.append(c);
            } else {
              throw new IllegalArgumentException(
                  "has a character that is not allowed; there are ASCII letters, digits, _, -, . and /, and"
                      + " variables in braces");
            }
          }
        }
      }
    }
    segments.add(segment(separator, before, variable, literal));
    return segments;
  }

  /** The segment that ends here; the builders are empty afterwards. */
  private static Segment segment(
      char separator, StringBuilder before, @Nullable String variable, StringBuilder literal) {
    Segment segment =
        variable == null
            ? new Segment(separator, literal.toString(), null, "")
            : new Segment(separator, before.toString(), variable, literal.toString());
    before.setLength(0);
    literal.setLength(0);
    return segment;
  }

  /** What it consists of, in order. */
  List<Part> parts() {
    return template.parts();
  }

  Set<String> variables() {
    return template.variables();
  }

  /** Whether it is a name and not a pattern of names. */
  boolean isFixed() {
    return template.variables().isEmpty();
  }

  /** Whether some name is one of both. */
  boolean overlaps(NameTemplate other) {
    if (segments.size() != other.segments.size()) {
      return false;
    }
    for (int i = 0; i < segments.size(); i++) {
      if (!segments.get(i).overlaps(other.segments.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** The values that the variables have in {@code name}, which is one of its names. */
  Map<String, String> values(String name) {
    Map<String, String> values = new HashMap<>();
    int at = 0;
    for (Segment segment : segments) {
      int end = at;
      while (end < name.length() && !Characters.isSeparator(name.charAt(end))) {
        end++;
      }
      if (segment.variable() != null) {
        values.put(
            segment.variable(),
            name.substring(at + segment.prefix().length(), end - segment.suffix().length()));
      }
      at = end + 1;
    }
    return values;
  }

  /** As it is configured. */
  @Override
  public String toString() {
    return template.text();
  }
}
