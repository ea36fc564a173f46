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
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The checker is believed because it finds every fault that is planted here, and nothing where
 * there is none.
 */
class CheckerTest {
  private static final Partition P0 = new Partition("orders", 0);
  private static final Partition P1 = new Partition("orders", 1);

  private final History writer = History.inMemory("writer");
  private final History reader = History.inMemory("reader");
  private final LogDump.Builder log = LogDump.builder().partition(P0, 0, 10).partition(P1, 0, 10);

  /** Value {@code n} of the writer. */
  private static String value(long n) {
    return Payload.text("run", "writer", n, "orders");
  }

  private void sentAndStored(long n, Partition partition, long offset) {
    writer.append(new Sent(n, n, "orders", "k", value(n)));
    writer.append(new Acked(n, n, partition, offset));
    log.entry(partition, offset, "k", value(n));
  }

  /** Records 0 … 5 at the offsets of the same numbers. */
  private void sixAreStored() {
    writer.append(new Connected(0, "c1"));
    for (int n = 0; n < 6; n++) {
      sentAndStored(n, P0, n);
    }
  }

  private void subscribed(long position) {
    reader.append(new Subscribed(0, "s", Map.of(P0, position)));
  }

  private void received(long... offsets) {
    for (long offset : offsets) {
      reader.append(new Received(0, "s", P0, offset, value(offset)));
    }
  }

  private Verdict verdict(History... more) {
    return Checker.check(
        Stream.concat(Stream.of(writer, reader), Stream.of(more)).toList(), log.build());
  }

  private void finds(Fault fault, int count) {
    Verdict verdict = verdict();
    assertThat(verdict.counts()).as("%s", verdict).isEqualTo(Map.of(fault, count));
    assertThat(verdict.isClean()).isFalse();
    assertThat(verdict.examples().get(fault)).isNotEmpty();
    assertThat(verdict.toString()).contains(fault.name(), fault.invariant());
  }

  private void findsNothing() {
    Verdict verdict = verdict();
    assertThat(verdict.isClean()).as("%s", verdict).isTrue();
  }

  @Test
  void aCleanRunHasNoFault() {
    sixAreStored();
    subscribed(0);
    received(0, 1, 2, 3, 4, 5);
    Verdict verdict = verdict();
    assertThat(verdict.isClean()).as("%s", verdict).isTrue();
    assertThat(verdict.sent()).isEqualTo(6);
    assertThat(verdict.acked()).isEqualTo(6);
    assertThat(verdict.received()).isEqualTo(6);
    assertThat(verdict.dropped()).isZero();
    assertThat(verdict.unread()).isZero();
  }

  @Test
  void anAcknowledgedRecordThatTheLogDoesNotHaveIsLost() {
    sixAreStored();
    writer.append(new Sent(7, 7, "orders", "k", value(7)));
    writer.append(new Acked(7, 7, P0, 7));
    finds(Fault.LOST, 1);
  }

  @Test
  void anAcknowledgedRecordBeyondTheLogsEndIsLost() {
    writer.append(new Sent(7, 7, "orders", "k", value(7)));
    writer.append(new Acked(7, 7, P0, 12));
    finds(Fault.LOST, 1);
  }

  @Test
  void anAcknowledgedPlaceThatHoldsSomethingElseIsALoss() {
    writer.append(new Sent(7, 7, "orders", "k", value(7)));
    writer.append(new Acked(7, 7, P0, 7));
    log.entry(P0, 7, "k", "another");
    finds(Fault.LOST, 1);
  }

  @Test
  void whatRetentionDeletedIsNotLost() {
    writer.append(new Sent(7, 7, "orders", "k", value(7)));
    writer.append(new Acked(7, 7, P0, 2));
    log.partition(P0, 5, 10);
    findsNothing();
  }

  @Test
  void aRecordOfNoPlaceInTheLogIsAPhantom() {
    sixAreStored();
    subscribed(6);
    received(7); // aborted, say
    finds(Fault.PHANTOM, 1);
  }

  @Test
  void aRecordWithAnotherValueThanTheLogsIsAPhantom() {
    sixAreStored();
    subscribed(0);
    reader.append(new Received(0, "s", P0, 0, "changed"));
    finds(Fault.PHANTOM, 1);
  }

  @Test
  void aRefusedRecordInTheLogIsAPhantom() {
    writer.append(new Sent(7, 7, "orders", "k", value(7)));
    writer.append(new Refused(7, 7, "unavailable"));
    log.entry(P0, 7, "k", value(7));
    finds(Fault.PHANTOM, 1);
  }

  @Test
  void anUnknownOutcomeMayBeEither() {
    writer.append(new Sent(7, 7, "orders", "k", value(7)));
    writer.append(new Unknown(7, 7, "timeout"));
    writer.append(new Sent(8, 8, "orders", "k", value(8)));
    writer.append(new Unknown(8, 8, "timeout"));
    log.entry(P0, 7, "k", value(7));
    findsNothing();
  }

  @Test
  void twoReadersWithTwoValuesAtOnePlaceDiverge() {
    sixAreStored();
    subscribed(0);
    // Of a partition that was not dumped: only the readers can contradict each other.
    Partition elsewhere = new Partition("other", 0);
    reader.append(new Received(0, "o", elsewhere, 3, "one"));
    History second = History.inMemory("second");
    second.append(new Received(0, "o", elsewhere, 3, "two"));
    assertThat(verdict(second).counts()).isEqualTo(Map.of(Fault.DIVERGENCE, 1));
  }

  @Test
  void aSkippedRecordIsASilentGap() {
    sixAreStored();
    subscribed(0);
    received(0, 1, 4, 5);
    finds(Fault.SILENT_GAP, 1);
  }

  @Test
  void aSkipOfOffsetsThatHoldNoRecordIsNone() {
    sixAreStored();
    sentAndStored(8, P0, 8); // 6 and 7: a marker, an aborted record
    subscribed(0);
    received(0, 1, 2, 3, 4, 5, 8);
    findsNothing();
  }

  @Test
  void aSkipThatAGapTellsIsNone() {
    sixAreStored();
    subscribed(0);
    received(0);
    reader.append(new GapTold(0, "s", P0, 1, 4, "overflow"));
    received(4, 5);
    findsNothing();
  }

  @Test
  void aGapThatComesAfterTheRecordBehindItIsTooLate() {
    sixAreStored();
    subscribed(0);
    received(0, 4);
    reader.append(new GapTold(0, "s", P0, 1, 4, "overflow"));
    received(5);
    finds(Fault.SILENT_GAP, 1);
  }

  @Test
  void aGapDoesNotExcuseWhatLiesBeforeIt() {
    sixAreStored();
    subscribed(0);
    received(0);
    reader.append(new GapTold(0, "s", P0, 3, 5, "overflow"));
    received(5);
    finds(Fault.SILENT_GAP, 1);
  }

  @Test
  void aSkipThatAPositionTellsIsNone() {
    sixAreStored();
    subscribed(0);
    received(0);
    reader.append(new PositionTold(0, "s", Map.of(P0, 5L)));
    received(5);
    findsNothing();
  }

  @Test
  void aLaterSubscriptionThatBeginsTooFarIsASilentGap() {
    sixAreStored();
    subscribed(0);
    received(0, 1);
    subscribed(4);
    received(4, 5);
    finds(Fault.SILENT_GAP, 1);
  }

  @Test
  void beingToldToGoOnTooFarIsASilentGap() {
    sixAreStored();
    subscribed(0);
    received(0, 1);
    reader.append(new Ended(0, "s", Map.of(P0, 4L)));
    finds(Fault.SILENT_GAP, 1);
  }

  @Test
  void aLowerOffsetAfterAHigherOneIsAnInversion() {
    sixAreStored();
    subscribed(0);
    received(0, 1);
    reader.append(new GapTold(0, "s", P0, 2, 3, "overflow")); // so that it is no gap as well
    received(3, 2, 4, 5);
    finds(Fault.INVERSION, 1);
  }

  @Test
  void anOffsetThatComesTwiceIsADuplicate() {
    sixAreStored();
    subscribed(0);
    received(0, 1, 1, 2);
    finds(Fault.DUPLICATE, 1);
  }

  @Test
  void anOffsetThatComesAgainAfterReconnectingTooLowIsADuplicate() {
    sixAreStored();
    subscribed(0);
    received(0, 1, 2);
    subscribed(2);
    received(2, 3, 4, 5);
    finds(Fault.DUPLICATE, 1);
  }

  @Test
  void whatLiesBelowTheResumedPositionIsDroppedAndNoDuplicate() {
    sixAreStored();
    subscribed(0);
    received(0, 1, 2);
    subscribed(3);
    received(1, 2, 3, 4, 5);
    Verdict verdict = verdict();
    assertThat(verdict.isClean()).as("%s", verdict).isTrue();
    assertThat(verdict.dropped()).isEqualTo(2);
  }

  @Test
  void onePublishThatStandsInTheLogTwiceIsADuplicate() {
    sixAreStored();
    log.entry(P0, 9, "k", value(2));
    finds(Fault.DUPLICATE, 1);
  }

  @Test
  void aStreamThatStopsEarlyLeavesRecordsUnread() {
    sixAreStored();
    subscribed(0);
    received(0, 1, 2);
    assertThat(verdict().unread()).isEqualTo(3);
  }

  @Test
  void anotherOrderInTheLogThanTheSendersIsAReorder() {
    writer.append(new Connected(0, "c1"));
    sentAndStored(1, P0, 5);
    sentAndStored(2, P0, 4);
    finds(Fault.REORDER, 1);
  }

  @Test
  void partitionsHaveNoCommonOrder() {
    writer.append(new Connected(0, "c1"));
    sentAndStored(1, P0, 5);
    sentAndStored(2, P1, 4);
    findsNothing();
  }

  @Test
  void connectionsHaveNoCommonOrder() {
    writer.append(new Connected(0, "c1"));
    sentAndStored(1, P0, 5);
    writer.append(new Connected(0, "c2"));
    sentAndStored(2, P0, 4);
    findsNothing();
  }

  @Test
  void aRecordFromATopicThatItWasNotSentToIsMisrouted() {
    stored(Payload.text("run", "writer", 3, "payments"));
    finds(Fault.MISROUTING, 1);
  }

  @Test
  void aDamagedRecordIsMisrouted() {
    stored(Payload.text("run", "writer", 3, "orders").replace("writer", "wRiter"));
    finds(Fault.MISROUTING, 1);
  }

  /** The log has it as the reader saw it: only the value itself tells. */
  private void stored(String value) {
    log.entry(P0, 3, "k", value);
    subscribed(3);
    reader.append(new Received(0, "s", P0, 3, value));
  }

  @Test
  void foreignValuesAreNotJudgedByTheirText() {
    log.entry(P0, 0, null, "a:b:c");
    log.entry(P0, 1, null, null);
    subscribed(0);
    reader.append(new Received(0, "s", P0, 0, "a:b:c"));
    reader.append(new Received(0, "s", P0, 1, null));
    findsNothing();
  }
}
