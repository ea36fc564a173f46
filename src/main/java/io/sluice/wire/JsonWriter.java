package io.sluice.wire;

import io.netty.buffer.ByteBuf;

/** Writes one message as JSON text. One use, one thread. */
final class JsonWriter implements MessageWriter {
  /** Deeper than any message. */
  private static final int MAX_DEPTH = Long.SIZE;

  private final ByteBuf out;

  /** Bit i tells whether the i-th open container is an array. */
  private long arrays;

  private int depth;

  /** Whether nothing stands before what comes next: neither in its container nor a name. */
  private boolean first = true;

  JsonWriter(ByteBuf out) {
    this.out = out;
  }

  @Override
  public void object() {
    open('{', 0);
  }

  @Override
  public void array() {
    open('[', 1);
  }

  private void open(char bracket, long isArray) {
    if (depth == MAX_DEPTH) {
      throw new IllegalStateException("A message is nested deeper than " + MAX_DEPTH + ".");
    }
    separate();
    out.writeByte(bracket);
    arrays = arrays & ~(1L << depth) | isArray << depth;
    depth++;
    first = true;
  }

  @Override
  public void end() {
    depth--;
    out.writeByte((arrays >>> depth & 1) == 1 ? ']' : '}');
    first = false;
  }

  @Override
  public void name(Term word) {
    separate();
    out.writeBytes(word.asJsonName());
    first = true;
  }

  @Override
  public void key(String text) {
    separate();
    JsonOut.string(out, text);
    out.writeByte(':');
    first = true;
  }

  @Override
  public void numbered(int number) {
    separate();
    out.writeByte('"');
    JsonOut.number(out, number);
    out.writeByte('"').writeByte(':');
    first = true;
  }

  @Override
  public void term(Term value) {
    separate();
    byte[] name = value.asJsonName();
    out.writeBytes(name, 0, name.length - 1); // a text has no colon behind it
  }

  @Override
  public void text(String value) {
    separate();
    JsonOut.string(out, value);
  }

  @Override
  public void number(long value) {
    separate();
    JsonOut.number(out, value);
  }

  @Override
  public void flag(boolean value) {
    separate();
    JsonOut.raw(out, value ? "true" : "false");
  }

  @Override
  public void nothing() {
    separate();
    JsonOut.raw(out, "null");
  }

  private void separate() {
    if (!first) {
      out.writeByte(',');
    }
    first = false;
  }
}
