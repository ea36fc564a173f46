package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.sluice.relay.Encoder;

/** An encoder whose elements need nothing around them: any run of them is sent as it stands. */
interface BareElements extends Encoder {
  @Override
  default void separator(ByteBuf out) {}

  @Override
  default int frame(ByteBuf elements, int index, int length, int count, ByteBuf out) {
    out.writeBytes(elements, index, length);
    return 0;
  }
}
