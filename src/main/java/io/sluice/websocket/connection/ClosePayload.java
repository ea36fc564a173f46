package io.sluice.websocket.connection;

import static io.sluice.websocket.frame.ProtocolViolation.notUtf8;
import static io.sluice.websocket.frame.ProtocolViolation.protocolError;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.websocket.frame.CloseCode;
import io.sluice.websocket.frame.FrameReader;
import io.sluice.websocket.frame.ProtocolViolation;
import io.sluice.websocket.message.Utf8Check;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Payload of a close frame: nothing, or a code of two bytes with a reason in UTF-8 behind it (RFC
 * 6455 §5.5.1).
 */
final class ClosePayload {
  private static final int CODE_BYTES = 2;
  private static final int MAX_REASON_BYTES = FrameReader.MAX_CONTROL_BYTES - CODE_BYTES;

  private static final ProtocolViolation HALF_A_CODE =
      protocolError("The payload of a close frame may not be a single byte.");
  private static final ProtocolViolation BAD_CODE =
      protocolError("The close code may not stand in a close frame.");
  private static final ProtocolViolation BAD_REASON = notUtf8("The reason of a close frame");

  private ClosePayload() {}

  /** What is wrong with {@code payload}; null where nothing is. */
  static @Nullable ProtocolViolation check(ByteBuf payload) {
    int length = payload.readableBytes();
    if (length == 0) {
      return null;
    }
    if (length < CODE_BYTES) {
      return HALF_A_CODE;
    }
    int start = payload.readerIndex();
    if (!CloseCode.mayBeSent(payload.getUnsignedShort(start))) {
      return BAD_CODE;
    }
    Utf8Check utf8 = new Utf8Check();
    boolean accepted = utf8.accepts(payload, start + CODE_BYTES, length - CODE_BYTES);
    return accepted && utf8.isComplete() ? null : BAD_REASON;
  }

  /** What a checked payload says; code 1005 where it is empty (§7.1.5). */
  static Ending.Closed read(ByteBuf payload) {
    int length = payload.readableBytes();
    if (length == 0) {
      return new Ending.Closed(CloseCode.NO_STATUS, "");
    }
    int start = payload.readerIndex();
    String reason =
        payload.toString(start + CODE_BYTES, length - CODE_BYTES, StandardCharsets.UTF_8);
    return new Ending.Closed(payload.getUnsignedShort(start), reason);
  }

  /** The answer to a checked payload: its code alone, for the peer knows its own words (§5.5.1). */
  static ByteBuf echoOf(ByteBuf payload) {
    int length = Math.min(CODE_BYTES, payload.readableBytes());
    return Unpooled.copiedBuffer(payload.slice(payload.readerIndex(), length));
  }

  /** A payload to send; a reason over 123 bytes of UTF-8 is cut at a character. */
  static ByteBuf of(int code, String reason) {
    if (!CloseCode.mayBeSent(code)) {
      throw new IllegalArgumentException(code + " may not stand in a close frame");
    }
    ByteBuf payload = Unpooled.buffer(FrameReader.MAX_CONTROL_BYTES).writeShort(code);
    ByteBufUtil.writeUtf8(payload, reason, 0, fitting(reason));
    return payload;
  }

  /** How many chars of {@code reason} fit. */
  private static int fitting(String reason) {
    int bytes = 0;
    int i = 0;
    while (i < reason.length()) {
      int point = reason.codePointAt(i);
      // A lone surrogate is written as one '?', which needs less than what is reckoned here.
      bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
      if (bytes > MAX_REASON_BYTES) {
        break;
      }
      i += Character.charCount(point);
    }
    return i;
  }
}
