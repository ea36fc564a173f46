package io.sluice.relay;

import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Where a subscriber starts, worked out from what is known; or what has to be looked up first. */
sealed interface Start {
  /**
   * It is clear.
   *
   * @param from the first offset to deliver of each partition
   * @param gaps what was asked for and will not come
   * @param reported where the subscriber stands before the gaps
   * @param heads heads that were looked up for it: before it is there it is not live
   */
  record At(
      Map<Partition, Long> from,
      List<Gap> gaps,
      Map<Partition, Long> reported,
      Map<Partition, Long> heads)
      implements Start {}

  /** These heads and oldest offsets have to be known. */
  record Missing(Set<Partition> heads, Set<Partition> oldest) implements Start {}

  /** The first offsets of these partitions at {@code timestamp} have to be known. */
  record MissingSince(long timestamp, Set<Partition> partitions) implements Start {}

  /**
   * What is known of these topics does not agree with what is asked for, and may be some seconds
   * old: another instance may know it better.
   */
  record Unsure(Set<String> topics) implements Start {}

  /** It cannot start there. */
  record Refused(LogFailure failure) implements Start {}

  /**
   * What is known of the partitions of a selection.
   *
   * @param topics its topics as they are now, by name
   * @param sure those of them that were asked for just now
   * @param partitions those that are read of them
   * @param reading where the live reader stands, of those partitions that it reads
   * @param retained from where on the feed's window has everything, of those partitions
   * @param heads heads that were looked up
   * @param oldest oldest offsets that were looked up
   * @param since first offsets at the wanted time that were looked up, each after its head
   */
  record Known(
      Map<String, Topic> topics,
      Set<String> sure,
      List<Partition> partitions,
      Map<Partition, Long> reading,
      Map<Partition, Long> retained,
      Map<Partition, Long> heads,
      Map<Partition, Long> oldest,
      Map<Partition, OptionalLong> since) {}

  /** Works it out. */
  static Start of(From from, Known known) {
    Resolution resolution = new Resolution(known);
    return switch (from) {
      case From.Latest _ -> resolution.latest();
      case From.Earliest _ -> resolution.earliest();
      case From.Tail tail -> resolution.tail(tail.records());
      case From.Timestamp since -> resolution.since(since.timestamp());
      case From.At at -> resolution.at(at);
    };
  }

  /** Goes through the partitions and gathers what comes of each. */
  final class Resolution {
    private final Known known;
    private final Map<Partition, Long> from = new HashMap<>();
    private final Map<Partition, Long> reported = new HashMap<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final Set<Partition> missingHeads = new HashSet<>();
    private final Set<Partition> missingOldest = new HashSet<>();

    private Resolution(Known known) {
      this.known = known;
      for (Partition partition : known.partitions()) {
        // The live reader needs a place to start at, whatever the subscriber asks for.
        if (!known.reading().containsKey(partition) && !known.heads().containsKey(partition)) {
          missingHeads.add(partition);
        }
      }
    }

    private Start latest() {
      for (Partition partition : known.partitions()) {
        Long reading = known.reading().get(partition);
        start(partition, reading != null ? reading : known.heads().getOrDefault(partition, 0L));
      }
      return result();
    }

    private Start earliest() {
      known.partitions().forEach(this::fromOldest);
      return result();
    }

    private Start tail(long records) {
      for (Partition partition : known.partitions()) {
        Long head = known.heads().get(partition);
        if (head == null) {
          missingHeads.add(partition);
          missOldest(partition);
          continue;
        }
        // The reader may have come further since the head was looked up, and never beyond it.
        long end = Math.max(head, known.reading().getOrDefault(partition, 0L));
        long first = Math.max(0, end - records);
        Long retained = known.retained().get(partition);
        if (retained != null && first >= retained) {
          start(partition, first);
        } else if (known.oldest().get(partition) instanceof Long oldest) {
          start(partition, Math.max(first, oldest));
        } else {
          missOldest(partition);
        }
      }
      return result();
    }

    /**
     * The heads are looked up first: what is written between the two look-ups is then found by the
     * second, or lies behind the head at which the subscriber starts.
     */
    private Start since(long timestamp) {
      Set<Partition> missing = new HashSet<>();
      for (Partition partition : known.partitions()) {
        Long head = known.heads().get(partition);
        OptionalLong first = known.since().get(partition);
        if (head == null) {
          missingHeads.add(partition);
        } else if (first == null) {
          missing.add(partition);
        } else {
          start(partition, first.orElse(head));
        }
      }
      return missingHeads.isEmpty() && !missing.isEmpty()
          ? new MissingSince(timestamp, missing)
          : result();
    }

    private Start at(From.At at) {
      Set<String> unsure = unsure(at);
      if (!unsure.isEmpty()) {
        return new Unsure(unsure);
      }
      Set<String> madeAgain = new HashSet<>();
      at.topicIds()
          .forEach((name, id) -> {
            Topic topic = known.topics().get(name);
            if (topic != null && !id.equals(topic.id())) {
              madeAgain.add(name);
            }
          });
      for (Map.Entry<Partition, Long> named : at.positions().byPartition().entrySet()) {
        Partition partition = named.getKey();
        Topic topic = known.topics().get(partition.topic());
        boolean isThere = topic == null || partition.number() < topic.partitionCount();
        if (topic == null || madeAgain.contains(topic.name())) {
          // Where it has gone from a glob, a topic of its name that comes will be another one. Of
          // what is not there nobody can say that it ever was: it is not told, however much it is.
          if (isThere) {
            gaps.add(new Gap(partition, named.getValue(), Gap.UNKNOWN, GapReason.TOPIC_RECREATED));
          }
        } else if (!isThere && named.getValue() > 0) {
          // A partition that another instance knows before this one is new: at 0 it is simply
          // waited for.
          return new Refused(new LogFailure.OffsetOutOfRange(partition, named.getValue(), 0, 0));
        }
      }
      for (Partition partition : known.partitions()) {
        OptionalLong offset = at.positions().of(partition);
        if (offset.isEmpty() || madeAgain.contains(partition.topic())) {
          fromOldest(partition);
        } else if (!resume(partition, offset.getAsLong())) {
          return refusal(partition, offset.getAsLong());
        }
      }
      return result();
    }

    /** Topics that seem to be others, or to have fewer partitions, than where the client was. */
    private Set<String> unsure(From.At at) {
      Set<String> unsure = new HashSet<>();
      at.topicIds()
          .forEach((name, id) -> {
            Topic topic = known.topics().get(name);
            if (topic != null && !id.equals(topic.id())) {
              unsure.add(name);
            }
          });
      at.positions()
          .byPartition()
          .forEach((partition, offset) -> {
            Topic topic = known.topics().get(partition.topic());
            if (topic != null && partition.number() >= topic.partitionCount() && offset > 0) {
              unsure.add(partition.topic());
            }
          });
      unsure.removeAll(known.sure());
      return unsure;
    }

    private void fromOldest(Partition partition) {
      Long oldest = known.oldest().get(partition);
      if (oldest == null) {
        missingOldest.add(partition);
      } else {
        start(partition, oldest);
      }
    }

    private void missOldest(Partition partition) {
      if (!known.oldest().containsKey(partition)) {
        missingOldest.add(partition);
      }
    }

    /** False where {@code offset} is above the head. */
    private boolean resume(Partition partition, long offset) {
      Long reading = known.reading().get(partition);
      Long retained = known.retained().get(partition);
      if (reading != null && retained != null && offset >= retained && offset <= reading) {
        start(partition, offset);
        return true;
      }
      Long head = known.heads().get(partition);
      Long oldest = known.oldest().get(partition);
      if (head == null) {
        missingHeads.add(partition);
      }
      if (oldest == null) {
        missingOldest.add(partition);
      }
      if (head == null || oldest == null) {
        return true;
      }
      if (offset > Math.max(head, reading == null ? 0 : reading)) {
        return false;
      }
      start(partition, Math.max(offset, oldest));
      if (offset < oldest) {
        gaps.add(new Gap(partition, offset, oldest, GapReason.RETENTION));
        reported.put(partition, offset);
      }
      return true;
    }

    private Start refusal(Partition partition, long offset) {
      return new Refused(
          new LogFailure.OffsetOutOfRange(
              partition,
              offset,
              known.oldest().getOrDefault(partition, 0L),
              known.heads().getOrDefault(partition, 0L)));
    }

    private void start(Partition partition, long offset) {
      from.put(partition, offset);
      reported.put(partition, offset);
    }

    private Start result() {
      return missingHeads.isEmpty() && missingOldest.isEmpty()
          ? new At(from, gaps, reported, known.heads())
          : new Missing(missingHeads, missingOldest);
    }
  }
}
