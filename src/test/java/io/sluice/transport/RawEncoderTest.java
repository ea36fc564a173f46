package io.sluice.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.LogRecord;
import io.sluice.log.Partition;
import io.sluice.relay.Encoder;
import io.sluice.relay.FeedForm;
import io.sluice.relay.ValueForm;
import io.sluice.relay.WireFormat;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Raw mode and event streams need nothing around a run of records. */
class RawEncoderTest {
  private static final Partition PARTITION = new Partition("orders", 3);

  private final Encoder raw =
      new FrameEncoders().encoder(7, new FeedForm(WireFormat.RAW, ValueForm.AUTO));

  @Test
  void valueIsAFrameOfItsKind() {
    assertThat(hex(element(new byte[] {'h', 'i'}))).isEqualTo("81026869");
    assertThat(hex(element("ä".getBytes(UTF_8)))).isEqualTo("8102c3a4");
    assertThat(hex(element(new byte[] {(byte) 0xc3}))).isEqualTo("8201c3");
    assertThat(hex(element(new byte[0]))).isEqualTo("8100");
    assertThat(hex(element(null))).isEqualTo("8200");
    assertThat(hex(element(new byte[126]))).startsWith("817e007e00");
    assertThat(hex(element(new byte[0x1_0000]))).startsWith("817f000000000001000000");
  }

  @Test
  void directMemoryIsReadToo() {
    ByteBuffer direct = ByteBuffer.allocateDirect(4).put(1, (byte) 'x').position(1).limit(2);
    ByteBuf out = Unpooled.buffer();
    raw.element(new LogRecord(PARTITION, 1, 1, null, List.of(), direct), out);
    assertThat(hex(out)).isEqualTo("810178");
    assertThat(direct.position()).isEqualTo(1);
  }

  @Test
  void runOfElementsIsSentAsItStands() {
    for (WireFormat format : List.of(WireFormat.RAW, WireFormat.EVENT_STREAM)) {
      Encoder encoder = new FrameEncoders().encoder(7, new FeedForm(format, ValueForm.AUTO));
      ByteBuf elements = Unpooled.buffer();
      encoder.element(record("a".getBytes(UTF_8)), elements);
      encoder.separator(elements);
      int second = elements.writerIndex();
      encoder.element(record("b".getBytes(UTF_8)), elements);
      ByteBuf out = Unpooled.buffer();
      int opening = encoder.frame(elements, second, elements.writerIndex() - second, 1, out);
      assertThat(opening).isZero();
      assertThat(out).isEqualTo(elements.slice(second, elements.writerIndex() - second));
    }
  }

  @Test
  void gapIsACloseFrameThatNamesIt() {
    ByteBuf out = Unpooled.buffer();
    raw.gap(new Gap(PARTITION, 5, 9, GapReason.RETENTION), out);
    assertThat(out.readUnsignedByte()).isEqualTo((short) 0x88);
    assertThat((int) out.readByte()).isEqualTo(out.readableBytes());
    assertThat(out.readShort()).isEqualTo((short) 4410);
    assertThat(out.toString(UTF_8))
        .isEqualTo("Gap in partition 3, offsets [5, 9): retention, topic orders");
  }

  @Test
  void reasonThatIsTooLongIsCutInTheTopic() {
    Gap gap =
        new Gap(
            new Partition("t".repeat(249), Integer.MAX_VALUE),
            Long.MAX_VALUE - 1,
            Long.MAX_VALUE,
            GapReason.TOO_LARGE);
    ByteBuf out = Unpooled.buffer();
    raw.gap(gap, out);
    assertThat(out.readableBytes()).isEqualTo(2 + 125);
    assertThat(out.toString(UTF_8)).contains("too-large, topic ttt");
  }

  private ByteBuf element(byte @Nullable [] value) {
    ByteBuf out = Unpooled.buffer();
    raw.element(record(value), out);
    return out;
  }

  private static LogRecord record(byte @Nullable [] value) {
    return new LogRecord(
        PARTITION, 1, 1, null, List.of(), value == null ? null : ByteBuffer.wrap(value));
  }

  private static String hex(ByteBuf bytes) {
    return ByteBufUtil.hexDump(bytes);
  }
}
