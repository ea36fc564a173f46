package io.sluice.checker;

import io.sluice.checker.HistoryEvent.Acked;
import io.sluice.checker.HistoryEvent.Connected;
import io.sluice.checker.HistoryEvent.Refused;
import io.sluice.checker.HistoryEvent.Sent;
import io.sluice.checker.LogDump.Place;
import io.sluice.log.Partition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of publishes: C1 (acknowledged is in the log), C2 (refused is not), C8 (the log's
 * order is the sender's) and that none stands there twice. Values are unique within a run, but for
 * tombstones, which C8 leaves out.
 */
final class PublishCheck {
  private final LogDump dump;
  private final Map<String, List<Place>> places;
  private final Findings findings;
  private long sent;
  private long acked;

  PublishCheck(LogDump dump, Findings findings) {
    this.dump = dump;
    this.places = dump.placesByValue();
    this.findings = findings;
  }

  long sent() {
    return sent;
  }

  long acked() {
    return acked;
  }

  void check(History history) {
    Map<Long, Sent> byNumber = new HashMap<>();
    List<Sent> ofConnection = new ArrayList<>();
    for (HistoryEvent event : history.events()) {
      switch (event) {
        case Connected _ -> {
          checkOrder(history, ofConnection);
          ofConnection.clear();
        }
        case Sent e -> {
          sent++;
          byNumber.put(e.publish(), e);
          ofConnection.add(e);
          checkOnce(history, e);
        }
        case Acked e -> {
          acked++;
          checkStored(history, byNumber.get(e.publish()), e);
        }
        case Refused e -> checkNotStored(history, byNumber.get(e.publish()), e);
        default -> {}
      }
    }
    checkOrder(history, ofConnection);
  }

  private void checkStored(History history, @Nullable Sent publish, Acked ack) {
    if (publish == null) {
      throw new IllegalStateException(
          history.client() + " was acknowledged what it never sent: " + ack);
    }
    if (!dump.covers(ack.partition(), ack.offset())) {
      if (dump.isBehind(ack.partition(), ack.offset())) {
        findings.add(
            Fault.LOST,
            history.client()
                + " was acknowledged "
                + place(ack)
                + ", which the log has not reached.");
      }
      return; // deleted since, or of a topic that was not dumped: nobody can tell
    }
    LogDump.Entry entry = dump.entry(ack.partition(), ack.offset());
    if (entry == null) {
      findings.add(
          Fault.LOST,
          history.client() + " was acknowledged " + place(ack) + ", where the log has no record.");
    } else if (!Objects.equals(entry.value(), publish.value())) {
      findings.add(
          Fault.LOST,
          history.client()
              + " was acknowledged "
              + publish.value()
              + " at "
              + place(ack)
              + ", where the log has "
              + entry.value()
              + ".");
    }
  }

  private void checkNotStored(History history, @Nullable Sent publish, Refused refusal) {
    if (publish != null && publish.value() != null && places.containsKey(publish.value())) {
      findings.add(
          Fault.PHANTOM,
          history.client()
              + " was refused "
              + publish.value()
              + " ("
              + refusal.code()
              + "), which the log has at "
              + places.get(publish.value())
              + ".");
    }
  }

  private void checkOnce(History history, Sent publish) {
    List<Place> all =
        publish.value() == null ? List.of() : places.getOrDefault(publish.value(), List.of());
    if (all.size() > 1) {
      findings.add(
          Fault.DUPLICATE,
          history.client()
              + " sent "
              + publish.value()
              + " once, and the log has it at "
              + all
              + ".");
    }
  }

  /** All records of one connection for one partition: the promise is wider than per key. */
  private void checkOrder(History history, List<Sent> inOrder) {
    Map<Partition, Place> last = new HashMap<>();
    for (Sent publish : inOrder) {
      List<Place> all =
          publish.value() == null ? List.of() : places.getOrDefault(publish.value(), List.of());
      if (all.isEmpty()) {
        continue;
      }
      Place place = all.getFirst();
      Place before = last.put(place.partition(), place);
      if (before != null && before.offset() > place.offset()) {
        findings.add(
            Fault.REORDER,
            history.client()
                + " sent "
                + publish.value()
                + " after what the log has at "
                + before
                + ", and it is at "
                + place
                + ".");
      }
    }
  }

  private static String place(Acked ack) {
    return new Place(ack.partition(), ack.offset()).toString();
  }
}
