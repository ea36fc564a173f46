package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.sluice.log.Gap;
import io.sluice.log.LogRecord;
import io.sluice.relay.Encoder;
import io.sluice.websocket.frame.Opcode;
import io.sluice.wire.Records;

/** Records of one feed as whole, unmasked frames of one kind. Immutable: any thread. */
final class FrameEncoder implements Encoder {
  private final Opcode opcode;
  private final Records records;

  FrameEncoder(Opcode opcode, Records records) {
    this.opcode = opcode;
    this.records = records;
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
    Frames.header(out, opcode, records.openingBytes(count) + length + records.closingBytes());
    records.open(count, out);
    int elementsAt = out.writerIndex() - start;
    out.writeBytes(elements, index, length);
    records.close(out);
    return elementsAt;
  }

  @Override
  public void gap(Gap gap, ByteBuf out) {
    Frames.message(out, opcode, message -> records.gap(gap, message));
  }
}
