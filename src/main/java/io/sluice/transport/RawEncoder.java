package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.sluice.log.Gap;
import io.sluice.log.LogRecord;
import io.sluice.protocol.CloseCode;
import io.sluice.relay.Encoder;
import io.sluice.websocket.frame.Opcode;
import io.sluice.wire.RawRecords;

/**
 * Records of one feed as their values alone (PROTOCOL §7): an element is a whole message in an
 * unmasked frame of its own, and a run of them needs nothing around it. A gap, for which raw mode
 * has no message, is the close frame to which it leads; {@link RawOutlet} lets nothing follow it.
 * Immutable: any thread.
 */
final class RawEncoder implements Encoder {
  @Override
  public void element(LogRecord record, ByteBuf out) {
    Opcode opcode = RawRecords.isText(record) ? Opcode.TEXT : Opcode.BINARY;
    Frames.header(out, opcode, RawRecords.length(record));
    RawRecords.value(record, out);
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
    Frames.close(out, CloseCode.GAP.number(), reason(gap));
  }

  /** A close frame's words: the topic comes last, for a long one is cut. */
  static String reason(Gap gap) {
    String offsets =
        gap.to() == Gap.UNKNOWN
            ? "from " + gap.from() + " on"
            : "[" + gap.from() + ", " + gap.to() + ")";
    return "Gap in partition "
        + gap.partition().number()
        + ", offsets "
        + offsets
        + ": "
        + gap.reason().code()
        + ", topic "
        + gap.partition().topic();
  }
}
