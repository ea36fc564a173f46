package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.CloseCode;
import io.sluice.websocket.frame.Opcode;
import java.nio.charset.StandardCharsets;

/**
 * Lets the frames of a {@link RawEncoder} through as far as a close frame: there the connection
 * itself begins to close, with the code and reason that stand in it, and drops what follows.
 * Event-loop thread only.
 */
final class RawOutlet extends OutletFilter {
  private static final int OPCODE_BITS = 0x0f;
  private static final int LENGTH_BITS = 0x7f;
  private static final int LENGTH_IN_TWO_BYTES = 126;
  private static final int LENGTH_IN_EIGHT_BYTES = 127;

  private final WebSocketConnection socket;

  RawOutlet(WebSocketConnection socket) {
    super(socket.outlet());
    this.socket = socket;
  }

  @Override
  public void write(ByteBuf frames, int index, int length) {
    int close = indexOfClose(frames, index, index + length);
    if (close < 0) {
      outlet.write(frames, index, length);
      return;
    }
    if (close > index) {
      outlet.write(frames, index, close - index);
    }
    int reasonBytes = frames.getByte(close + 1) - Short.BYTES;
    String reason = frames.toString(close + 2 + Short.BYTES, reasonBytes, StandardCharsets.UTF_8);
    socket.close(CloseCode.GAP, reason);
  }

  /** Where the first close frame begins; -1 where there is none. Looks at headers only. */
  private static int indexOfClose(ByteBuf frames, int from, int to) {
    int at = from;
    while (at < to) {
      if ((frames.getByte(at) & OPCODE_BITS) == Opcode.CLOSE.code()) {
        return at;
      }
      int length = frames.getByte(at + 1) & LENGTH_BITS;
      switch (length) {
        case LENGTH_IN_TWO_BYTES -> at += 2 + Short.BYTES + frames.getUnsignedShort(at + 2);
        case LENGTH_IN_EIGHT_BYTES -> at += 2 + Long.BYTES + (int) frames.getLong(at + 2);
        default -> at += 2 + length;
      }
    }
    return -1;
  }
}
