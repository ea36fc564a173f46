package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.log.Gap;
import io.sluice.log.LogRecord;
import io.sluice.relay.Encoder;
import io.sluice.websocket.frame.Opcode;
import io.sluice.wire.JsonRecords;

/** Records of one feed as whole, unmasked text frames. Immutable: any thread. */
final class FrameEncoder implements Encoder {
  private final long subscription;
  private final JsonRecords records;

  /**
   * The message around the records is the same for every frame of the feed: how long it is, is
   * known beforehand.
   */
  private final int openingBytes;

  private final int closingBytes;

  FrameEncoder(long subscription, JsonRecords records) {
    this.subscription = subscription;
    this.records = records;
    ByteBuf measure = Unpooled.buffer();
    try {
      records.open(subscription, measure);
      openingBytes = measure.readableBytes();
      records.close(measure);
      closingBytes = measure.readableBytes() - openingBytes;
    } finally {
      measure.release();
    }
  }

  @Override
  public void element(LogRecord record, ByteBuf out) {
    records.element(record, out);
  }

  @Override
  public void separator(ByteBuf out) {
    records.separator(out);
  }

  @Override
  public int frame(ByteBuf elements, int index, int length, int count, ByteBuf out) {
    int start = out.writerIndex();
    Frames.header(out, Opcode.TEXT, openingBytes + length + closingBytes);
    records.open(subscription, out);
    int elementsAt = out.writerIndex() - start;
    out.writeBytes(elements, index, length);
    records.close(out);
    return elementsAt;
  }

  @Override
  public void gap(Gap gap, ByteBuf out) {
    Frames.text(out, message -> records.gap(subscription, gap, message));
  }
}
