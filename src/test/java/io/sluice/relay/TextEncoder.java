package io.sluice.relay;

import io.netty.buffer.ByteBuf;
import io.sluice.log.Gap;
import io.sluice.log.LogRecord;
import java.nio.charset.StandardCharsets;

/**
 * Frames that a test can read: four bytes of length, then {@code R17[topic/0/5=value,…]} or {@code
 * G17[…]}.
 */
record TextEncoder(long subscription, Runnable before, Runnable beforeGap) implements Encoder {
  TextEncoder(long subscription) {
    this(subscription, () -> {}, () -> {});
  }

  @Override
  public void element(LogRecord record, ByteBuf out) {
    before.run();
    text(
        out,
        record.partition().topic()
            + "/"
            + record.partition().number()
            + "/"
            + record.offset()
            + "=");
    if (record.value() != null) {
      out.writeBytes(record.value().duplicate());
    }
  }

  @Override
  public void separator(ByteBuf out) {
    out.writeByte(',');
  }

  @Override
  public int frame(ByteBuf elements, int index, int length, int count, ByteBuf out) {
    byte[] opening = ("R" + subscription + "[").getBytes(StandardCharsets.UTF_8);
    out.writeInt(opening.length + length + 1);
    out.writeBytes(opening);
    out.writeBytes(elements, index, length);
    out.writeByte(']');
    return Integer.BYTES + opening.length;
  }

  @Override
  public void gap(Gap gap, ByteBuf out) {
    beforeGap.run();
    String message =
        String.join(
            "/",
            "G" + subscription + "[" + gap.partition().topic(),
            "" + gap.partition().number(),
            "" + gap.from(),
            "" + gap.to(),
            gap.reason().name(),
            gap.size() + "]");
    out.writeInt(message.length());
    text(out, message);
  }

  private static void text(ByteBuf out, String text) {
    out.writeCharSequence(text, StandardCharsets.UTF_8);
  }
}
