package io.sluice.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.websocket.frame.FrameWriter;
import io.sluice.websocket.frame.Masking;
import io.sluice.websocket.frame.Opcode;
import io.sluice.websocket.frame.Role;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Random but legal frames of one side, with the events that they must become; repeatable by its
 * seed.
 */
public final class RandomStream {
  private static final int[] LENGTHS = {0, 1, 2, 7, 8, 9, 124, 125, 126, 127, 128, 1000};

  private final Random random;
  private final Role writer;
  private final ByteBuf bytes = Unpooled.buffer();
  private final List<String> events = new ArrayList<>();

  public RandomStream(Role writer, long seed) {
    this.writer = writer;
    this.random = new Random(seed);
  }

  /**
   * Adds up to {@code most} messages in random fragments, with pings and pongs between and inside
   * of them.
   */
  public RandomStream messages(int most) {
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      maybeControl();
      message();
    }
    return this;
  }

  /** All frames so far. */
  public byte[] bytes() {
    return ByteBufUtil.getBytes(bytes);
  }

  /** What a reader must tell, as {@link Recorder} writes it, without what it sends. */
  public List<String> events() {
    return events;
  }

  /** {@code all} cut into random pieces, empty ones too. */
  public static List<byte[]> cut(byte[] all, Random random) {
    List<byte[]> pieces = new ArrayList<>();
    int most = 1 + random.nextInt(random.nextBoolean() ? 20 : 2000);
    for (int at = 0; at < all.length; ) {
      int end = Math.min(all.length, at + random.nextInt(most + 1));
      pieces.add(Arrays.copyOfRange(all, at, end));
      at = end;
    }
    return pieces;
  }

  private void message() {
    boolean text = random.nextBoolean();
    byte[] payload = text ? text() : binary();
    int fragments = random.nextBoolean() ? 1 : 1 + random.nextInt(5);
    int at = 0;
    for (int i = 1; i <= fragments; i++) {
      int end = i == fragments ? payload.length : at + random.nextInt(payload.length - at + 1);
      Opcode opcode = i > 1 ? Opcode.CONTINUATION : text ? Opcode.TEXT : Opcode.BINARY;
      frame(opcode, i == fragments, Unpooled.wrappedBuffer(payload, at, end - at));
      at = end;
      if (i < fragments) {
        maybeControl();
      }
    }
    events.add((text ? "text " : "binary ") + ByteBufUtil.hexDump(payload));
  }

  private void maybeControl() {
    while (random.nextInt(4) == 0) {
      boolean ping = random.nextBoolean();
      byte[] payload = new byte[random.nextInt(126)];
      random.nextBytes(payload);
      frame(ping ? Opcode.PING : Opcode.PONG, true, Unpooled.wrappedBuffer(payload));
      events.add((ping ? "ping " : "pong ") + ByteBufUtil.hexDump(payload));
    }
  }

  private byte[] binary() {
    byte[] payload = new byte[LENGTHS[random.nextInt(LENGTHS.length)]];
    random.nextBytes(payload);
    return payload;
  }

  private byte[] text() {
    StringBuilder text = new StringBuilder();
    int ascii = random.nextInt(101);
    for (int i = LENGTHS[random.nextInt(LENGTHS.length)]; i > 0; i--) {
      int point = random.nextInt(random.nextInt(100) < ascii ? 0x80 : 0x11_0000);
      text.appendCodePoint(point >= 0xD800 && point <= 0xDFFF ? 0xE4 : point);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void frame(Opcode opcode, boolean fin, ByteBuf payload) {
    int length = payload.readableBytes();
    if (writer == Role.SERVER) {
      FrameWriter.writeHeader(bytes, opcode, fin, 0, length);
      bytes.writeBytes(payload);
      return;
    }
    int key = random.nextInt();
    FrameWriter.writeMaskedHeader(bytes, opcode, fin, 0, length, key);
    int start = bytes.writerIndex();
    bytes.writeBytes(payload);
    Masking.apply(bytes, start, length, key);
  }
}
