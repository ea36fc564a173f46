package io.sluice.checker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.checker.HistoryEvent.Acked;
import io.sluice.checker.HistoryEvent.Connected;
import io.sluice.checker.HistoryEvent.Ended;
import io.sluice.checker.HistoryEvent.GapTold;
import io.sluice.checker.HistoryEvent.PositionTold;
import io.sluice.checker.HistoryEvent.Received;
import io.sluice.checker.HistoryEvent.Refused;
import io.sluice.checker.HistoryEvent.Sent;
import io.sluice.checker.HistoryEvent.Subscribed;
import io.sluice.checker.HistoryEvent.Unknown;
import io.sluice.log.Partition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  private static final Partition DASHED = new Partition("a-topic-7", 3);

  private static final List<HistoryEvent> ONE_OF_EACH =
      List.of(
          new Connected(1, "i-1"),
          new Sent(2, 1, "a-topic-7", null, null),
          new Sent(3, 2, "a-topic-7", "", "tab\t, line\n, \\ and \\0 stay; so does ä"),
          new Acked(4, 1, DASHED, 17),
          new Refused(5, 2, "unavailable"),
          new Unknown(6, 3, "timeout"),
          new Subscribed(7, "s", Map.of(DASHED, 4L, new Partition("b", 0), 0L)),
          new Received(8, "s", DASHED, 4, "{\"a\":1}"),
          new Received(9, "s", DASHED, 5, null),
          new GapTold(10, "s", DASHED, 6, HistoryEvent.UNKNOWN_OFFSET, "topic-recreated"),
          new PositionTold(11, "s", Map.of(DASHED, 9L)),
          new Ended(12, "s", Map.of()));

  @Test
  void aFileHoldsWhatWasAppended(@TempDir Path directory) {
    Path file = directory.resolve("history");
    try (History history = History.inFile("c", file)) {
      ONE_OF_EACH.forEach(history::append);
      assertThat(history.events()).isEqualTo(ONE_OF_EACH);
    }
    assertThat(History.read("c", file).events()).isEqualTo(ONE_OF_EACH);
  }

  @Test
  void aLineThatWasCutByTheEndOfItsProcessIsLeftOut(@TempDir Path directory) throws IOException {
    Path file =
        Files.writeString(directory.resolve("history"), "1\tconnected\ti-1\n2\tsent\t1\ta-to");
    assertThat(History.read("c", file).events()).containsExactly(new Connected(1, "i-1"));
  }

  @Test
  void aPayloadTellsWhereItBelongs() {
    Payload payload = Payload.parse(Payload.text("r", "c", 42, "orders", 200)).orElseThrow();
    assertThat(payload)
        .extracting(Payload::run, Payload::client, Payload::seq, Payload::topic, Payload::intact)
        .containsExactly("r", "c", 42L, "orders", true);
    assertThat(Payload.text("r", "c", 42, "orders", 200)).hasSize(200);
    assertThat(Payload.parse(Payload.text("r", "c", 42, "orders")).orElseThrow().filler())
        .isEmpty();
  }

  @Test
  void aDamagedPayloadIsKnownAsSuch() {
    String damaged = Payload.text("r", "c", 42, "orders").replace(":42:", ":43:");
    assertThat(Payload.parse(damaged).orElseThrow().intact()).isFalse();
  }

  @Test
  void anythingElseIsNoPayload() {
    assertThat(Payload.parse("")).isEmpty();
    assertThat(Payload.parse("a:b:c:d:e")).isEmpty();
    assertThat(Payload.parse("{\"a\":1}")).isEmpty();
  }
}
