package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.Partition;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What one message may hold, a byte below and above, however its records came to it. */
class MessageLimitsTest {
  private static final int BATCH = 256;
  private static final int MESSAGE = 4 * BATCH;
  private static final int LARGEST_RECORD = 1000;
  private static final Partition ZERO = Stage.partition(0);

  /** How records come to a subscriber. */
  enum Way {
    LIVE,
    REPLAYED
  }

  private final Stage stage = new Stage(Stage.settings(64 * 1024, 32 * 1024, BATCH, 0), 1);

  @BeforeEach
  void createTopic() {
    stage.topic(1);
  }

  @ParameterizedTest
  @EnumSource
  void theLargestRecordComes(Way way) {
    FakeClient client = after(way, Flow.FREE, () -> writeRecordOf(LARGEST_RECORD));
    assertThat(client.records).isEqualTo(1);
    assertThat(client.gaps).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aByteMoreIsAGapWithItsSize(Way way) {
    FakeClient client =
        after(
            way,
            Flow.FREE,
            () -> {
              writeElementOf(50);
              writeRecordOf(LARGEST_RECORD + 1);
              writeElementOf(50);
            });
    assertThat(client.gaps)
        .containsExactly(new Gap(ZERO, 1, 2, GapReason.TOO_LARGE, LARGEST_RECORD + 1));
    assertThat(client.heard).containsSubsequence("t-0@0", "gap t-0[1,2) TOO_LARGE", "t-0@2");
  }

  @ParameterizedTest
  @CsvSource({"LIVE,0,1", "LIVE,1,2", "REPLAYED,0,1", "REPLAYED,1,2"})
  void recordsShareABatchAsLongAsTheyFit(Way way, int more, int messages) {
    FakeClient client =
        after(
            way,
            Flow.FREE,
            () -> {
              writeElementOf(100);
              writeElementOf(BATCH - 100 - 1 + more); // 1 for what stands between them
            });
    assertThat(client.records).isEqualTo(2);
    assertThat(client.messages).isEqualTo(messages);
  }

  @ParameterizedTest
  @EnumSource
  void aRecordLargerThanABatchComesAlone(Way way) {
    FakeClient client =
        after(
            way,
            Flow.FREE,
            () -> {
              writeElementOf(50);
              writeElementOf(BATCH + 1);
              writeElementOf(50);
            });
    assertThat(client.messages).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"LIVE,0,1", "LIVE,1,2", "REPLAYED,0,1", "REPLAYED,1,2"})
  void batchesAreJoinedAsLongAsTheyFit(Way way, int more, int messages) {
    FakeClient client =
        after(
            way,
            Stage.rate(10),
            () -> {
              writeElementOf(200);
              writeElementOf(200);
              writeElementOf(MESSAGE - 2 * 200 - 2 + more); // 2 for what stands between them
            });
    assertThat(client.records).isEqualTo(3);
    assertThat(client.messages).isEqualTo(messages);
  }

  @Test
  void aRecordLargerThanAMessageStandsAloneAmongJoinedOnes() {
    Stage wide = new Stage(Stage.settings(64 * 1024, 32 * 1024, 64, 0), 1);
    wide.topic(1);
    FakeClient client = wide.subscribe(new From.Latest(), Overflow.REPLAY, Stage.rate(10));
    wide.write(0, 20);
    wide.write(0, 20);
    wide.write(0, 900);
    wide.write(0, 20);
    wide.write(0, 20);
    wide.poll();
    wide.passInSteps(Duration.ofSeconds(1), Duration.ofMillis(100));
    assertThat(client.records).isEqualTo(5);
    assertThat(client.messages).isEqualTo(3);
  }

  /** What a client with {@code flow} gets of what {@code write} writes, when all has come. */
  private FakeClient after(Way way, Flow flow, Runnable write) {
    FakeClient client =
        switch (way) {
          case LIVE -> {
            FakeClient listening = stage.subscribe(new From.Latest(), Overflow.REPLAY, flow);
            write.run();
            stage.poll();
            yield listening;
          }
          case REPLAYED -> {
            write.run();
            yield stage.subscribe(new From.Earliest(), Overflow.REPLAY, flow);
          }
        };
    stage.passInSteps(Duration.ofSeconds(1), Duration.ofMillis(100));
    return client;
  }

  /** A record with so many bytes in the log. */
  private void writeRecordOf(int bytes) {
    stage.write(0, bytes - label().length());
  }

  /** A record with so many bytes in a message. */
  private void writeElementOf(int bytes) {
    String element = "t/0/" + stage.log.head(ZERO) + "=";
    stage.write(0, bytes - element.length() - label().length());
  }

  /** What {@link Stage#write} puts before a value's size. */
  private String label() {
    return Written.value(stage.written.topic("t"), null, ZERO, stage.log.head(ZERO), 0);
  }
}
