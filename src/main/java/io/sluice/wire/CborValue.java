package io.sluice.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A CBOR data item as the stretch of bytes it stands in. All of it is well-formed, but for the
 * message as a whole, which is looked at field by field.
 *
 * @param message all of the message
 * @param kind what it is
 * @param from where it begins in the message
 * @param to where it ends
 */
record CborValue(byte[] message, Kind kind, int from, int to) implements Value {
  /** Says of what follows that it is CBOR (RFC 8949 §3.4.6), and nothing else. */
  private static final byte[] SELF_DESCRIBED = {(byte) 0xD9, (byte) 0xD9, (byte) 0xF7};

  /** A whole message, which must be one map and nothing more. */
  static CborValue message(byte[] message) {
    int length = SELF_DESCRIBED.length;
    boolean marked =
        message.length >= length && Arrays.equals(message, 0, length, SELF_DESCRIBED, 0, length);
    return new CborValue(message, Kind.OBJECT, marked ? length : 0, message.length);
  }

  @Override
  public boolean hasByteStrings() {
    return true;
  }

  @Override
  public String text() throws InvalidCommand {
    return head().text();
  }

  @Override
  public byte[] bytes() {
    try {
      return head().string();
    } catch (InvalidCommand e) {
      throw wasWellFormed(e);
    }
  }

  @Override
  public @Nullable Long integer() {
    CborReader reader = wellFormedHead();
    long argument = reader.argument();
    if (argument < 0) { // 2^63 and more, unsigned
      return null;
    }
    return reader.major() == CborReader.NEGATIVE ? -1 - argument : argument;
  }

  @Override
  public double number() {
    CborReader reader = wellFormedHead();
    long bits = reader.argument();
    if (kind == Kind.INTEGER) {
      Long value = integer();
      return value == null ? Double.NaN : value;
    }
    return switch (reader.info()) {
      case CborReader.HALF -> Float.float16ToFloat((short) bits);
      case CborReader.SINGLE -> Float.intBitsToFloat((int) bits);
      default -> Double.longBitsToDouble(bits);
    };
  }

  @Override
  public void fields(FieldVisitor fields) throws InvalidCommand {
    CborReader reader = head();
    if (reader.major() != CborReader.MAP) {
      throw new InvalidCommand(null, "A message must be a CBOR map.");
    }
    boolean indefinite = reader.isIndefinite();
    for (long left = reader.argument(); reader.hasNext(indefinite, left); left--) {
      field(reader, fields);
    }
    if (reader.at() != to) {
      throw new InvalidCommand(null, "A message is one CBOR map; there is more behind it.");
    }
  }

  private void field(CborReader reader, FieldVisitor fields) throws InvalidCommand {
    int nameAt = reader.at();
    reader.skip();
    CborValue name = new CborValue(message, kind(nameAt), nameAt, reader.at());
    int valueAt = reader.at();
    reader.skip();
    CborValue value = new CborValue(message, kind(valueAt), valueAt, reader.at());
    Long number = name.kind == Kind.INTEGER ? name.integer() : null;
    if (name.kind == Kind.TEXT) {
      fields.named(name.text(), value);
    } else if (number != null && number >= 0) {
      fields.numbered(number, value);
    } else {
      fields.unnamed();
    }
  }

  @Override
  public List<Value> elements() throws InvalidCommand {
    List<Value> elements = new ArrayList<>();
    CborReader reader = head();
    boolean indefinite = reader.isIndefinite();
    for (long left = reader.argument(); reader.hasNext(indefinite, left); left--) {
      int elementAt = reader.at();
      reader.skip();
      elements.add(new CborValue(message, kind(elementAt), elementAt, reader.at()));
    }
    return elements;
  }

  @Override
  public byte[] asSent() {
    return Arrays.copyOfRange(message, from, to);
  }

  @Override
  public boolean isEmbeddable() {
    throw new IllegalStateException("CBOR was asked whether it is JSON.");
  }

  /** What the well-formed item at {@code at} is. */
  private Kind kind(int at) {
    int first = message[at] & 0xff;
    return switch (first >> 5) {
      case CborReader.UNSIGNED, CborReader.NEGATIVE -> Kind.INTEGER;
      case CborReader.BYTES -> Kind.BYTES;
      case CborReader.TEXT -> Kind.TEXT;
      case CborReader.ARRAY -> Kind.ARRAY;
      case CborReader.MAP -> Kind.OBJECT;
      case CborReader.TAG -> Kind.OTHER;
      default ->
          switch (first & 0x1f) {
            case CborReader.NULL -> Kind.NULL;
            case CborReader.HALF, CborReader.SINGLE, CborReader.DOUBLE -> Kind.DECIMAL;
            default -> Kind.OTHER;
          };
    };
  }

  private CborReader head() throws InvalidCommand {
    CborReader reader = new CborReader(message, from);
    reader.head();
    return reader;
  }

  private CborReader wellFormedHead() {
    try {
      return head();
    } catch (InvalidCommand e) {
      throw wasWellFormed(e);
    }
  }

  private static IllegalStateException wasWellFormed(InvalidCommand e) {
    return new IllegalStateException("An item that was walked over has become malformed.", e);
  }

  /** Says nothing of its content, which may be payload. */
  @Override
  public String toString() {
    return kind + " at " + from;
  }
}
