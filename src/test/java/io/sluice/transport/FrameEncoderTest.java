package io.sluice.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.sluice.testing.Cbor;
import io.sluice.testing.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Any run of a feed's records makes a frame, in each format, without encoding a record again. */
class FrameEncoderTest {
  private static final int RECORDS = 300;

  private static LogRecord record(int offset) {
    ByteBuffer value = ByteBuffer.wrap("{\"a\":1,\"b\":2}".getBytes(StandardCharsets.UTF_8));
    return new LogRecord(new Partition("t", 0), offset, 5, null, List.of(), value);
  }

  @ParameterizedTest
  @EnumSource(names = {"JSON", "CBOR"})
  void anyRunOfElementsIsAMessage(WireFormat format) {
    Encoder encoder = new FrameEncoders().encoder(70_000, new FeedForm(format, ValueForm.AUTO));
    ByteBuf elements = Unpooled.buffer();
    int[] starts = new int[RECORDS];
    int[] ends = new int[RECORDS];
    for (int i = 0; i < RECORDS; i++) {
      if (i > 0) {
        encoder.separator(elements);
      }
      starts[i] = elements.writerIndex();
      encoder.element(record(i), elements);
      ends[i] = elements.writerIndex();
    }
    for (int first : new int[] {0, 1, 17}) {
      for (int count : new int[] {1, 2, 23, 24, 255, 256, RECORDS - first}) {
        int end = Math.min(RECORDS, first + count);
        int length = ends[end - 1] - starts[first];
        ByteBuf out = Unpooled.buffer().writeLong(-1);
        int opening = encoder.frame(elements, starts[first], length, end - first, out);
        assertThat(out.readLong()).isEqualTo(-1);
        assertThat(out.slice(Long.BYTES + opening, length))
            .isEqualTo(elements.slice(starts[first], length));
        JsonNode message = message(format, out);
        assertThat(message.get("type").asText()).isEqualTo("records");
        assertThat(message.get("subscription").asLong()).isEqualTo(70_000);
        assertThat(message.get("records").findValuesAsText("offset"))
            .isEqualTo(IntStream.range(first, end).mapToObj(Integer::toString).toList());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JSON", "CBOR"})
  void aGapIsAFrameOfTheSameKind(WireFormat format) {
    Encoder encoder = new FrameEncoders().encoder(7, new FeedForm(format, ValueForm.AUTO));
    ByteBuf out = Unpooled.buffer();
    encoder.gap(new Gap(new Partition("t", 1), 2, 3, GapReason.OVERFLOW, Gap.UNKNOWN), out);
    JsonNode gap = message(format, out);
    assertThat(gap.get("type").asText()).isEqualTo("gap");
    assertThat(gap.get("subscription").asLong()).isEqualTo(7);
  }

  @ParameterizedTest
  @EnumSource(names = {"JSON", "CBOR"})
  void aFormWithFieldsKeepsNothingElse(WireFormat format) {
    FeedForm form = new FeedForm(format, ValueForm.AUTO).keeping(List.of("b"));
    Encoder encoder = new FrameEncoders().encoder(7, form);
    ByteBuf element = Unpooled.buffer();
    encoder.element(record(0), element);
    JsonNode value = read(format, ByteBufUtil.getBytes(element)).get("value");
    assertThat(format == WireFormat.CBOR ? Cbor.text(value) : value.toString())
        .isEqualTo("{\"b\":2}");
  }

  /** The payload of a whole, unmasked frame of the format's kind. */
  private static JsonNode message(WireFormat format, ByteBuf frame) {
    assertThat(frame.readUnsignedByte())
        .isEqualTo((short) (format == WireFormat.JSON ? 0x81 : 0x82));
    int length = frame.readUnsignedByte();
    length =
        length == 127 ? (int) frame.readLong() : length == 126 ? frame.readUnsignedShort() : length;
    assertThat(frame.readableBytes()).isEqualTo(length);
    return read(format, ByteBufUtil.getBytes(frame));
  }

  private static JsonNode read(WireFormat format, byte[] message) {
    return switch (format) {
      case JSON -> Json.read(new String(message, StandardCharsets.UTF_8));
      case CBOR -> Cbor.read(message);
      case RAW, EVENT_STREAM -> throw new AssertionError(format + " has no frames of messages.");
    };
  }
}
