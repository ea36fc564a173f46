package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.sluice.log.Gap;
import io.sluice.log.LogRecord;
import io.sluice.relay.Encoder;
import io.sluice.wire.EventBlocks;
import io.sluice.wire.Records;

/**
 * Records of one feed as blocks of an event stream, which need nothing around a run of them.
 * Immutable: any thread.
 */
record EventEncoder(long subscription, Records records) implements Encoder {
  @Override
  public void element(LogRecord record, ByteBuf out) {
    EventBlocks.record(records, record, out);
  }

  @Override
  public void separator(ByteBuf out) {}

  @Override
  public int frame(ByteBuf elements, int index, int length, int count, ByteBuf out) {
    out.writeBytes(elements, index, length);
    return 0;
  }

  @Override
  public void gap(Gap gap, ByteBuf out) {
    EventBlocks.gap(subscription, gap, out);
  }
}
