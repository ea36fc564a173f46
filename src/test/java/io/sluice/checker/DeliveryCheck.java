package io.sluice.checker;

import io.sluice.checker.HistoryEvent.Ended;
import io.sluice.checker.HistoryEvent.GapTold;
import io.sluice.checker.HistoryEvent.PositionTold;
import io.sluice.checker.HistoryEvent.Received;
import io.sluice.checker.HistoryEvent.Subscribed;
import io.sluice.checker.LogDump.Place;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came to readers: C2 and C3 (values), C4 (offsets, in {@link StreamCheck}) and C9 (topic and
 * checksum).
 */
final class DeliveryCheck {
  /** A value somebody saw, and who; of the first who saw it. */
  private record Sighting(@Nullable String value, String by) {}

  private final LogDump dump;
  private final Findings findings;
  private final Map<Place, Sighting> sightings = new HashMap<>();
  private long received;
  private long dropped;
  private long unread;

  DeliveryCheck(LogDump dump, Findings findings) {
    this.dump = dump;
    this.findings = findings;
  }

  long received() {
    return received;
  }

  long dropped() {
    return dropped;
  }

  long unread() {
    return unread;
  }

  void check(History history) {
    Map<String, StreamCheck> streams = new HashMap<>();
    for (HistoryEvent event : history.events()) {
      switch (event) {
        case Subscribed e -> stream(history, streams, e.stream()).onSubscribed(e.positions());
        case Received e -> {
          received++;
          checkValue(history, e);
          checkRoute(history, e);
          stream(history, streams, e.stream()).onReceived(e.partition(), e.offset());
        }
        case GapTold e ->
            stream(history, streams, e.stream()).onGap(e.partition(), e.from(), e.to());
        case PositionTold e -> stream(history, streams, e.stream()).onPosition(e.positions());
        case Ended e -> stream(history, streams, e.stream()).onEnded(e.positions());
        case HistoryEvent.Connected _,
            HistoryEvent.Sent _,
            HistoryEvent.Acked _,
            HistoryEvent.Refused _,
            HistoryEvent.Unknown _ -> {}
      }
    }
    for (StreamCheck stream : streams.values()) {
      dropped += stream.dropped();
      unread += stream.unread();
    }
  }

  private StreamCheck stream(History history, Map<String, StreamCheck> streams, String name) {
    return streams.computeIfAbsent(
        name, n -> new StreamCheck(history.client() + "/" + n, dump, findings));
  }

  private void checkValue(History history, Received e) {
    Place place = new Place(e.partition(), e.offset());
    if (dump.covers(e.partition(), e.offset())) {
      LogDump.Entry entry = dump.entry(e.partition(), e.offset());
      if (entry == null || !Objects.equals(entry.value(), e.value())) {
        findings.add(
            Fault.PHANTOM,
            history.client()
                + " received "
                + e.value()
                + " at "
                + place
                + ", where the log has "
                + (entry == null ? "no record" : entry.value())
                + ".");
      }
    } else if (dump.isBehind(e.partition(), e.offset())) {
      findings.add(
          Fault.PHANTOM,
          history.client()
              + " received "
              + e.value()
              + " at "
              + place
              + ", which the log has not reached.");
    }
    Sighting first = sightings.putIfAbsent(place, new Sighting(e.value(), history.client()));
    if (first != null && !Objects.equals(first.value(), e.value())) {
      findings.add(
          Fault.DIVERGENCE,
          "At "
              + place
              + " "
              + first.by()
              + " saw "
              + first.value()
              + ", and "
              + history.client()
              + " saw "
              + e.value()
              + ".");
    }
  }

  private void checkRoute(History history, Received e) {
    if (e.value() == null) {
      return;
    }
    Optional<Payload> payload = Payload.parse(e.value());
    if (payload.isPresent()
        && !(payload.get().intact() && payload.get().topic().equals(e.partition().topic()))) {
      findings.add(
          Fault.MISROUTING,
          history.client()
              + " received from "
              + e.partition()
              + ": "
              + e.value()
              + (payload.get().intact() ? "." : ", which is damaged."));
    }
  }
}
