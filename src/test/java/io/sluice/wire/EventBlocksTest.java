package io.sluice.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.LogRecord;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.protocol.Event;
import io.sluice.protocol.ValueForm;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EventBlocksTest {
  private static final Partition PARTITION = new Partition("orders", 3);

  @Test
  void recordIsABlockWithOneLineOfData() {
    assertThat(record("{\"a\":\r\n 1,\n\"b\":\"x\\ny\"}"))
        .isEqualTo(
            "data: {\"topic\":\"orders\",\"partition\":3,\"offset\":7,\"timestamp\":1,\"key\":null,"
                + "\"headers\":{},\"value\":{\"a\":   1, \"b\":\"x\\ny\"}}\n\n");
  }

  @Test
  void lineEndsInTextAreEscaped() {
    assertThat(record("a\nb\rc")).endsWith("\"value\":\"a\\nb\\rc\",\"valueType\":\"text\"}\n\n");
  }

  @Test
  void eventIsNamedByItsType() {
    assertThat(written(out -> EventBlocks.event(new Event.Live(5), out)))
        .isEqualTo("event: live\ndata: {\"type\":\"live\",\"subscription\":5}\n\n");
    Gap gap = new Gap(PARTITION, 1, 4, GapReason.RETENTION);
    assertThat(written(out -> EventBlocks.gap(5, gap, out)))
        .isEqualTo(
            "event: gap\ndata: {\"type\":\"gap\",\"subscription\":5,\"topic\":\"orders\","
                + "\"partition\":3,\"from\":1,\"to\":4,\"reason\":\"retention\"}\n\n");
  }

  @Test
  void placeAndPaceAreBlocksWithoutData() {
    Positions positions = new Positions(Map.of(PARTITION, 36L));
    assertThat(written(out -> EventBlocks.id(positions, Map.of(), out)))
        .isEqualTo("id: 1~orders~~3-10\n\n");
    assertThat(written(out -> EventBlocks.retry(750, out))).isEqualTo("retry: 750\n\n");
    assertThat(written(EventBlocks::comment)).isEqualTo(":\n");
  }

  private static String record(String value) {
    LogRecord record =
        new LogRecord(PARTITION, 7, 1, null, List.of(), ByteBuffer.wrap(value.getBytes(UTF_8)));
    return written(out ->
        EventBlocks.record(MessageFormat.JSON.records(5, ValueForm.AUTO, null), record, out));
  }

  private static String written(Consumer<ByteBuf> block) {
    ByteBuf out = Unpooled.buffer().writeByte('\n'); // what stands before is left alone
    block.accept(out);
    assertThat(out.readByte()).isEqualTo((byte) '\n');
    return out.toString(UTF_8);
  }
}
