package io.sluice.wire;

/**
 * Writes the parts of one message, in order, so that what a message says is described once for all
 * formats.
 *
 * <pre>
 * value  = object | array | text | number | flag | nothing
 * object = object() *( ( name | key | numbered ) value ) end()
 * array  = array() *value end()
 * </pre>
 */
sealed interface MessageWriter permits JsonWriter, CborWriter {
  /** Begins an object. */
  void object();

  /** Begins an array. */
  void array();

  /** Ends the object or array that was begun last. */
  void end();

  /** Names what follows with a term of the protocol. */
  void name(Term word);

  /** Names what follows with somebody else's word. */
  void key(String text);

  /** Names what follows with a number, 0 or more. */
  void numbered(int number);

  /** Writes a term of the protocol as a text. */
  void term(Term value);

  void text(String value);

  void number(long value);

  void flag(boolean value);

  /** Writes {@code null}. */
  void nothing();

  /** Names a text. */
  default void text(Term name, String value) {
    name(name);
    text(value);
  }

  /** Names a number. */
  default void number(Term name, long value) {
    name(name);
    number(value);
  }

  /** Names a flag. */
  default void flag(Term name, boolean value) {
    name(name);
    flag(value);
  }
}
