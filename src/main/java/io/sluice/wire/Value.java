package io.sluice.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One value of a command, where it stands in its message. Which questions it answers depends on its
 * {@link #kind}; any other is our mistake.
 */
sealed interface Value permits JsonValue, CborValue {
  /** What a value is, in the words of neither format. */
  enum Kind {
    NULL,
    /** A number without fraction and exponent, however large. */
    INTEGER,
    /** Any other number. */
    DECIMAL,
    TEXT,
    /** A byte string; only where the format has them. */
    BYTES,
    OBJECT,
    ARRAY,
    /** What no command takes: {@code true}, {@code false}, and whatever else a format has. */
    OTHER
  }

  /** What it is. */
  Kind kind();

  /**
   * Whether its format has byte strings of its own; where it has none, bytes are written as base64.
   */
  boolean hasByteStrings();

  /** The characters of a text; half a character where an escape stood for one. */
  String text() throws InvalidCommand;

  /** The bytes of a byte string, a copy. */
  byte[] bytes();

  /** The value of an integer; {@code null} where it is beyond 64 bits. */
  @Nullable Long integer();

  /** The value of an integer or decimal; NaN where it has more digits than a double needs. */
  double number();

  /**
   * Shows the fields of an object to {@code fields}, in order. Where the text behind some of them
   * is wrong, those have been shown.
   */
  void fields(FieldVisitor fields) throws InvalidCommand;

  /** The elements of an array, in order. */
  List<Value> elements() throws InvalidCommand;

  /** Its bytes as they were sent, a copy. */
  byte[] asSent();

  /** Whether those are a {@link JsonText}; only where the format is JSON. */
  boolean isEmbeddable();

  /** Sees the fields of an object. */
  interface FieldVisitor {
    /** A field with a name. */
    void named(String name, Value value) throws InvalidCommand;

    /** A field whose name is an integer, 0 or more: some formats have such. */
    void numbered(long number, Value value) throws InvalidCommand;

    /** A field whose name is neither: some formats have such. */
    void unnamed() throws InvalidCommand;
  }
}
