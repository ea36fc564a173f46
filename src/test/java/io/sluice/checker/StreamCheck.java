package io.sluice.checker;

import io.sluice.log.Partition;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * C4 for one stream: follows each partition through all subscriptions that carried it. What a
 * subscription repeats from below the position at which it took over is dropped, as a client does;
 * everything else must come once, upwards, and with a word for each record that is left out.
 */
final class StreamCheck {
  /** One partition of the stream. */
  private static final class Track {
    /** The next offset that is owed, over all subscriptions. */
    private long next;

    /** Where the present subscription began. */
    private long began;

    /** The highest offset of the present subscription, or one less than any. */
    private long highest = -1;

    /** Offsets that the application saw. */
    private final BitSet seen = new BitSet();
  }

  private final String name;
  private final LogDump dump;
  private final Findings findings;
  private final Map<Partition, Track> tracks = new HashMap<>();
  private long dropped;

  StreamCheck(String name, LogDump dump, Findings findings) {
    this.name = name;
    this.dump = dump;
    this.findings = findings;
  }

  /** Records that were below the position at which their subscription took over. */
  long dropped() {
    return dropped;
  }

  /** Records of the log behind the stream's end. */
  long unread() {
    Map<Partition, Long> ends = dump.ends();
    long unread = 0;
    for (Map.Entry<Partition, Track> entry : tracks.entrySet()) {
      long end = ends.getOrDefault(entry.getKey(), 0L);
      unread += dump.between(entry.getKey(), entry.getValue().next, end).size();
    }
    return unread;
  }

  void onSubscribed(Map<Partition, Long> positions) {
    positions.forEach((partition, position) -> {
      Track track = tracks.get(partition);
      if (track == null) {
        track = begin(partition, position);
      }
      // A position ahead of what the application had moves nothing: the next record or word must
      // account for it.
      track.began = position;
      track.highest = -1;
    });
  }

  void onReceived(Partition partition, long offset) {
    Track track = tracks.get(partition);
    if (track == null) {
      track =
          begin(partition, 0); // a partition that was added later is owed from its oldest record
    }
    if (offset < track.began) {
      dropped++;
      return;
    }
    int bit = Math.toIntExact(offset);
    if (track.seen.get(bit)) {
      findings.add(Fault.DUPLICATE, name + " saw " + partition + "@" + offset + " twice.");
    } else if (offset < track.highest) {
      findings.add(
          Fault.INVERSION,
          name
              + " saw "
              + partition
              + "@"
              + offset
              + " after "
              + partition
              + "@"
              + track.highest
              + ".");
    }
    track.seen.set(bit);
    track.highest = Math.max(track.highest, offset);
    advance(partition, track, offset, "then saw " + offset);
    track.next = Math.max(track.next, offset + 1);
  }

  /**
   * {@code [from, to)} will not come; what lies between the owed offset and {@code from} is not
   * excused.
   */
  void onGap(Partition partition, long from, long to) {
    Track track = tracks.get(partition);
    if (track == null) {
      track = begin(partition, from);
    }
    if (to == HistoryEvent.UNKNOWN_OFFSET) {
      tracks.remove(partition);
      begin(partition, 0);
      return;
    }
    advance(partition, track, from, "was told of a gap at " + from);
    track.next = Math.max(track.next, to);
  }

  void onPosition(Map<Partition, Long> positions) {
    positions.forEach((partition, position) -> {
      Track track = tracks.get(partition);
      if (track == null) {
        begin(partition, position);
      } else {
        track.next = Math.max(track.next, position);
      }
    });
  }

  void onEnded(Map<Partition, Long> positions) {
    positions.forEach((partition, position) -> {
      Track track = tracks.get(partition);
      if (track != null) {
        advance(partition, track, position, "was told to go on at " + position);
      }
    });
  }

  private Track begin(Partition partition, long position) {
    Track track = new Track();
    track.next = position;
    tracks.put(partition, track);
    return track;
  }

  /**
   * The stream has come to {@code offset}: every record of the log below it must have come or been
   * excused.
   */
  private void advance(Partition partition, Track track, long offset, String then) {
    if (offset <= track.next) {
      return;
    }
    Collection<LogDump.Entry> missing = dump.between(partition, track.next, offset);
    if (!missing.isEmpty()) {
      findings.add(
          Fault.SILENT_GAP,
          name
              + " was owed "
              + partition
              + "@"
              + track.next
              + " and "
              + then
              + ": "
              + missing.size()
              + " records are missing.");
    }
    track.next = offset;
  }
}
