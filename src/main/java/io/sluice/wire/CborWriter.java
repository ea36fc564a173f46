package io.sluice.wire;

import io.netty.buffer.ByteBuf;

/**
 * Writes one message as CBOR. How much a container holds is known only at its end: one byte is left
 * free for its head, and content moves up in the rare case that this is too little. One use, one
 * thread.
 */
final class CborWriter implements MessageWriter {
  /** Deeper than any message: {@code draining} has 5 levels. */
  private static final int MAX_DEPTH = 8;

  private final ByteBuf out;
  private final int[] majors = new int[MAX_DEPTH];
  private final int[] starts = new int[MAX_DEPTH];
  private final int[] counts = new int[MAX_DEPTH];
  private int depth;

  CborWriter(ByteBuf out) {
    this.out = out;
  }

  @Override
  public void object() {
    open(CborReader.MAP);
  }

  @Override
  public void array() {
    open(CborReader.ARRAY);
  }

  private void open(int major) {
    element();
    majors[depth] = major;
    starts[depth] = out.writerIndex();
    counts[depth] = 0;
    depth++;
    out.writeByte(0);
  }

  @Override
  public void end() {
    depth--;
    int start = starts[depth];
    int end = out.writerIndex();
    int longer = CborOut.headBytes(counts[depth]) - 1;
    if (longer > 0) {
      out.ensureWritable(longer);
      out.setBytes(start + 1 + longer, out, start + 1, end - start - 1);
    }
    out.writerIndex(start);
    CborOut.head(out, majors[depth], counts[depth]);
    out.writerIndex(end + longer);
  }

  @Override
  public void name(Term word) {
    counts[depth - 1]++;
    CborOut.ascii(out, word.ascii());
  }

  @Override
  public void term(Term value) {
    element();
    CborOut.ascii(out, value.ascii());
  }

  @Override
  public void key(String text) {
    counts[depth - 1]++;
    CborOut.text(out, text);
  }

  @Override
  public void numbered(int number) {
    counts[depth - 1]++;
    CborOut.number(out, number);
  }

  @Override
  public void text(String value) {
    element();
    CborOut.text(out, value);
  }

  @Override
  public void number(long value) {
    element();
    CborOut.number(out, value);
  }

  @Override
  public void flag(boolean value) {
    element();
    CborOut.flag(out, value);
  }

  @Override
  public void nothing() {
    element();
    CborOut.nothing(out);
  }

  /** A value comes: in a map its name has been counted already. */
  private void element() {
    if (depth > 0 && majors[depth - 1] == CborReader.ARRAY) {
      counts[depth - 1]++;
    }
  }
}
