package io.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.log.Header;
import io.sluice.log.LogRecord;
import io.sluice.log.Partition;
import io.sluice.protocol.ValueForm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonRecordsTest {
  private static final String HEAD =
      "{\"topic\":\"t\",\"partition\":3,\"offset\":1234567890123,\"timestamp\":";

  @Test
  void recordHasAllItsFields() {
    LogRecord record =
        new LogRecord(
            new Partition("t", 3),
            1234567890123L,
            1790000000000L,
            buffer("42"),
            List.of(new Header("source", buffer("web"))),
            buffer("{\"total\":12.5}"));
    assertThat(written(ValueForm.AUTO, record))
        .isEqualTo(
            HEAD
                + "1790000000000,\"key\":\"42\",\"headers\":{\"source\":\"web\"},\"value\":{\"total\":12.5}}");
  }

  @Test
  void tombstoneIsNullAloneAndTheTextNullSaysThatItIsJson() {
    assertThat(value(ValueForm.AUTO, null)).isEqualTo("null}");
    assertThat(value(ValueForm.TEXT, null)).isEqualTo("null}");
    assertThat(value(ValueForm.BASE64, null)).isEqualTo("null}");
    assertThat(value(ValueForm.AUTO, buffer(" null"))).isEqualTo(" null,\"valueType\":\"json\"}");
  }

  @Test
  void textThatIsNotJsonIsAString() {
    assertThat(value(ValueForm.AUTO, buffer("a\"b\\c\n\u0001ä😀")))
        .isEqualTo("\"a\\\"b\\\\c\\n\\u0001ä😀\",\"valueType\":\"text\"}");
    assertThat(value(ValueForm.AUTO, buffer(""))).isEqualTo("\"\",\"valueType\":\"text\"}");
    assertThat(value(ValueForm.AUTO, buffer("{\"a\":}")))
        .isEqualTo("\"{\\\"a\\\":}\",\"valueType\":\"text\"}");
  }

  @Test
  void bytesThatAreNotTextAreBase64() {
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {(byte) 0xff, 0, 1});
    assertThat(value(ValueForm.AUTO, bytes)).isEqualTo("\"/wAB\",\"valueType\":\"base64\"}");
    assertThat(value(ValueForm.TEXT, bytes)).isEqualTo("\"/wAB\",\"valueType\":\"base64\"}");
    assertThat(bytes.remaining()).as("the record's buffer is left as it was").isEqualTo(3);
  }

  @Test
  void formDecides() {
    assertThat(value(ValueForm.TEXT, buffer("{}"))).isEqualTo("\"{}\",\"valueType\":\"text\"}");
    assertThat(value(ValueForm.BASE64, buffer("{}")))
        .isEqualTo("\"e30=\",\"valueType\":\"base64\"}");
    assertThat(value(ValueForm.JSON, buffer("{}"))).isEqualTo("{}}");
  }

  @Test
  void repeatedHeaderIsAnArrayInOrder() {
    List<Header> headers =
        List.of(
            new Header("a", buffer("1")),
            new Header("b", null),
            new Header("a", null),
            new Header("a", ByteBuffer.wrap(new byte[] {(byte) 0x80})),
            new Header("q\"", buffer("x")));
    LogRecord record =
        new LogRecord(
            new Partition("t", 3),
            1234567890123L,
            LogRecord.NO_TIMESTAMP,
            null,
            headers,
            buffer("1"));
    assertThat(written(ValueForm.AUTO, record))
        .isEqualTo(
            HEAD
                + "null,\"key\":null,\"headers\":{\"a\":[\"1\",null,{\"base64\":\"gA==\"}],\"b\":null,\"q\\\"\":\"x\"},"
                + "\"value\":1}");
  }

  @Test
  void manyHeadersCostLinearTime() {
    List<Header> headers = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      headers.add(new Header("h" + i, buffer("x")));
    }
    headers.add(new Header("h0", buffer("y")));
    LogRecord record =
        new LogRecord(new Partition("t", 3), 1, LogRecord.NO_TIMESTAMP, null, headers, buffer("1"));
    // Quadratic it takes minutes; a generous bound tells the two apart on any machine.
    String text =
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> written(ValueForm.AUTO, record));
    assertThat(text).contains("\"headers\":{\"h0\":[\"x\",\"y\"],\"h1\":\"x\",");
  }

  @Test
  void directBuffersAreReadToo() {
    ByteBuffer direct = ByteBuffer.allocateDirect(2).put((byte) '4').put((byte) '2').flip();
    assertThat(value(ValueForm.AUTO, direct)).isEqualTo("42}");
  }

  @Test
  void numbersAreWrittenAsJavaWritesThem() {
    for (long number :
        new long[] {
          0,
          9,
          10,
          99,
          100,
          -1,
          -10,
          999999999999999999L,
          1000000000000000000L,
          Long.MAX_VALUE,
          Long.MIN_VALUE
        }) {
      ByteBuf out = Unpooled.buffer();
      JsonOut.number(out, number);
      assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(Long.toString(number));
    }
  }

  private static String value(ValueForm form, @Nullable ByteBuffer value) {
    LogRecord record =
        new LogRecord(
            new Partition("t", 3), 1234567890123L, LogRecord.NO_TIMESTAMP, null, List.of(), value);
    String text = written(form, record);
    return text.substring((HEAD + "null,\"key\":null,\"headers\":{},\"value\":").length());
  }

  private static String written(ValueForm form, LogRecord record) {
    ByteBuf out = Unpooled.buffer();
    new JsonRecords(7, form, null).element(record, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static ByteBuffer buffer(String text) {
    // A slice in the middle of a larger array, as a Kafka consumer hands it out.
    byte[] bytes = ("<<" + text + ">>").getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.wrap(bytes, 2, bytes.length - 4).slice();
  }
}
