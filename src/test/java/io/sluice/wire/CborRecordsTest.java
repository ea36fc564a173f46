package io.sluice.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.Header;
import io.sluice.log.LogRecord;
import io.sluice.log.Partition;
import io.sluice.protocol.ValueForm;
import io.sluice.testing.Cbor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CborRecordsTest {
  private static final byte[] NOT_UTF8 = {(byte) 0xff, 0, (byte) 0x80};

  private final Records records = MessageFormat.CBOR.records(500, ValueForm.AUTO, null);

  @Test
  void aRecordIsAMapByHand() {
    LogRecord record =
        new LogRecord(
            new Partition("t", 24),
            1_000_000,
            1_000_000_000_000L,
            buffer(NOT_UTF8),
            List.of(new Header("a", buffer("x".getBytes(UTF_8))), new Header("ä", null)),
            buffer("{}".getBytes(UTF_8)));
    assertThat(HexFormat.of().formatHex(element(records, record)))
        .isEqualTo(
            "a7"
                + "65"
                + hex("topic")
                + "61"
                + hex("t")
                + "69"
                + hex("partition")
                + "1818"
                + "66"
                + hex("offset")
                + "1a000f4240"
                + "69"
                + hex("timestamp")
                + "1b000000e8d4a51000"
                + "63"
                + hex("key")
                + "43ff0080"
                + "67"
                + hex("headers")
                + "a2"
                + "61"
                + hex("a")
                + "4178"
                + "62c3a4"
                + "f6"
                + "65"
                + hex("value")
                + "427b7d");
  }

  @Test
  void aMessageIsAMapByHand() {
    ByteBuf out = Unpooled.buffer();
    records.open(256, out);
    assertThat(HexFormat.of().formatHex(ByteBufUtil.getBytes(out)))
        .isEqualTo(
            "a3"
                + "64"
                + hex("type")
                + "67"
                + hex("records")
                + "6c"
                + hex("subscription")
                + "1901f4"
                + "67"
                + hex("records")
                + "990100");
  }

  @Test
  void bytesArriveAsTheyAre() throws IOException {
    for (int length : new int[] {0, 1, 23, 24, 255, 256, 65_535, 65_536}) {
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) (i * 7 + 128);
      }
      LogRecord record =
          new LogRecord(
              new Partition("t", 0),
              0,
              LogRecord.NO_TIMESTAMP,
              buffer(bytes),
              List.of(new Header("h", buffer(bytes))),
              buffer(bytes));
      JsonNode read = Cbor.read(element(records, record));
      assertThat(read.get("key").binaryValue()).isEqualTo(bytes);
      assertThat(read.get("headers").get("h").binaryValue()).isEqualTo(bytes);
      assertThat(read.get("value").binaryValue()).isEqualTo(bytes);
      assertThat(read.get("timestamp").isNull()).isTrue();
    }
  }

  @Test
  void tombstoneIsNullAndAnEmptyValueIsNot() {
    assertThat(Cbor.read(element(records, valued(null))).get("value").isNull()).isTrue();
    assertThat(Cbor.read(element(records, valued(buffer(new byte[0])))).get("value").isBinary())
        .isTrue();
  }

  @Test
  void repeatedHeaderIsAnArrayInOrder() throws IOException {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("a", buffer(NOT_UTF8)));
    headers.add(new Header("b", null));
    headers.add(new Header("a", null));
    for (int i = 0; i < 300; i++) {
      headers.add(new Header("h" + i, buffer(new byte[] {(byte) i})));
    }
    LogRecord record =
        new LogRecord(new Partition("t", 0), 0, LogRecord.NO_TIMESTAMP, null, headers, null);
    JsonNode read = Cbor.read(element(records, record)).get("headers");
    assertThat(read).hasSize(302);
    assertThat(read.get("a")).hasSize(2);
    assertThat(read.get("a").get(0).binaryValue()).isEqualTo(NOT_UTF8);
    assertThat(read.get("a").get(1).isNull()).isTrue();
    assertThat(read.get("b").isNull()).isTrue();
    assertThat(read.get("h299").binaryValue()).isEqualTo(new byte[] {43});
  }

  @Test
  void directBuffersAreReadToo() throws IOException {
    ByteBuffer direct = ByteBuffer.allocateDirect(2).put((byte) '4').put((byte) '2').flip();
    JsonNode read = Cbor.read(element(records, valued(direct)));
    assertThat(read.get("value").binaryValue()).isEqualTo("42".getBytes(UTF_8));
    assertThat(direct.remaining()).as("the record's buffer is left as it was").isEqualTo(2);
  }

  @Test
  void onlyJsonIsProjected() throws IOException {
    Records projected =
        MessageFormat.CBOR.records(
            1, ValueForm.AUTO, (json, from, to) -> ByteBuffer.wrap(json, from + 1, to - from - 1));
    assertThat(value(projected, " {}")).isEqualTo("{}".getBytes(UTF_8));
    assertThat(value(projected, "{}}")).isEqualTo("{}}".getBytes(UTF_8));
    assertThat(value(records, " {}")).isEqualTo(" {}".getBytes(UTF_8));
  }

  @Test
  void aGapIsAWholeMessage() {
    ByteBuf out = Unpooled.buffer();
    records.gap(new Gap(new Partition("t", 1), 2, 3, GapReason.RETENTION, Gap.UNKNOWN), out);
    JsonNode gap = Cbor.read(ByteBufUtil.getBytes(out));
    assertThat(gap.get("subscription").asLong()).isEqualTo(500);
    assertThat(gap.get("reason").asText()).isEqualTo("retention");
  }

  private static byte[] value(Records records, String value) throws IOException {
    return Cbor.read(element(records, valued(buffer(value.getBytes(UTF_8)))))
        .get("value")
        .binaryValue();
  }

  private static LogRecord valued(@Nullable ByteBuffer value) {
    return new LogRecord(new Partition("t", 0), 0, LogRecord.NO_TIMESTAMP, null, List.of(), value);
  }

  private static byte[] element(Records records, LogRecord record) {
    ByteBuf out = Unpooled.buffer();
    records.element(record, out);
    return ByteBufUtil.getBytes(out);
  }

  /** A slice in the middle of a larger array, as a Kafka consumer hands it out. */
  private static ByteBuffer buffer(byte[] bytes) {
    byte[] larger = new byte[bytes.length + 4];
    System.arraycopy(bytes, 0, larger, 2, bytes.length);
    return ByteBuffer.wrap(larger, 2, bytes.length).slice();
  }

  private static String hex(String ascii) {
    return HexFormat.of().formatHex(ascii.getBytes(UTF_8));
  }
}
