package io.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.TopicId;
import io.sluice.protocol.StartingPoint;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdTest {
  private static final Map<String, TopicId> IDS = Map.of("orders", new TopicId("Ab_-9"));

  @Test
  void neighboursShareARunAndOthersNameTheirFirst() {
    Positions positions = positions(Map.of(0, 120L, 1, 98L, 2, 0L, 40, 7L, 41, Long.MAX_VALUE));
    assertThat(write(positions, IDS)).isEqualTo("1~orders~Ab_-9~3c.2q.0_14-7.1y2p0ij32e8e7");
  }

  @Test
  void severalTopicsStandOneBehindTheOther() {
    Positions positions =
        new Positions(Map.of(new Partition("a.b", 1), 1L, new Partition("c_d", 0), 2L));
    assertThat(write(positions, Map.of("c_d", new TopicId("X")))).isEqualTo("1~a.b~~1-1~c_d~X~2");
  }

  @Test
  void whatIsTooLongIsNotWritten() {
    Map<Integer, Long> many = new HashMap<>();
    for (int i = 0; i < 570; i++) { // 13 digits and a point each
      many.put(i, Long.MAX_VALUE);
    }
    assertThat(write(positions(many), IDS)).hasSizeBetween(7_900, EventId.MAX_LENGTH);
    many.put(570, Long.MAX_VALUE);
    many.put(571, Long.MAX_VALUE);
    ByteBuf out = Unpooled.buffer().writeByte('x');
    assertThat(EventId.write(positions(many), IDS, out)).isFalse();
    assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("x");
  }

  @Test
  void whatWasWrittenIsReadBack() {
    Positions positions = positions(Map.of(0, 120L, 7, Long.MAX_VALUE));
    assertThat(EventId.read(write(positions, IDS))).isEqualTo(new StartingPoint.At(positions, IDS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "2~orders~x~1",
        "17",
        "1~",
        "1~orders",
        "1~orders~x",
        "1~orders~x~",
        "1~orders~x~1~",
        "1~~x~1",
        "1~or/ders~x~1",
        "1~or ders~x~1",
        "1~orders~x y~1",
        "1~orders~x~-1",
        "1~orders~x~1.",
        "1~orders~x~.1",
        "1~orders~x~1..2",
        "1~orders~x~1_",
        "1~orders~x~1_0-2",
        "1~orders~x~1.2_1-3",
        "1~orders~x~1_2",
        "1~orders~x~A",
        "1~orders~x~+1",
        "1~orders~x~1-",
        "1~orders~x~1-2-3",
        "1~orders~x~zik0zk-1",
        "1~orders~x~1y2p0ij32e8e8",
        "1~orders~x~zzzzzzzzzzzzzz",
        "1~orders~x~\u0661",
        "1~orders~x~1\n",
        "1~orders~x~1~orders~x~2",
        "1~orders~~1~orders~~2"
      })
  void whatNothingHereHasWrittenIsNotRead(String id) {
    assertThat(EventId.read(id)).isNull();
  }

  @Test
  void whatIsTooLongIsNotRead() {
    String id = "1~orders~x~" + "1.".repeat(4_000) + "1";
    assertThat(EventId.read(id)).isNull();
  }

  private static Positions positions(Map<Integer, Long> offsets) {
    Map<Partition, Long> positions = new HashMap<>();
    offsets.forEach((number, offset) -> positions.put(new Partition("orders", number), offset));
    return new Positions(positions);
  }

  private static String write(Positions positions, Map<String, TopicId> ids) {
    ByteBuf out = Unpooled.buffer();
    assertThat(EventId.write(positions, ids, out)).isTrue();
    return out.toString(StandardCharsets.US_ASCII);
  }
}
