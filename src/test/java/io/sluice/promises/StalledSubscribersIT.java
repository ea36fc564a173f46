package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.relay.Relay;
import io.sluice.relay.RelayCounters;
import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import io.sluice.testing.Gateway;
import io.sluice.testing.Latencies;
import io.sluice.testing.Swarm;
import io.sluice.testing.SwarmMember;
import io.sluice.testing.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Of a thousand subscribers fifty stop reading: nobody else notices, memory stays bounded, and the
 * fifty miss nothing.
 */
class StalledSubscribersIT {
  private static final int SUBSCRIBERS = 1_000;
  private static final int STALLED = 50;
  private static final Duration STALL = Duration.ofSeconds(20);
  private static final int PER_SECOND = 15;
  private static final int RECORD_BYTES = 4_000;

  /**
   * 20 s · 15/s · 4 KB = 1.2 MB for each: far behind this window, and behind the buffers of a
   * socket.
   */
  private static final long FEED_WINDOW = 256 * 1024;

  private static final long WINDOWS = 16 * 1024 * 1024;

  /**
   * The stall is looked at in so many parts, and the second best has to be good: what stalled
   * sockets cost, they cost all the time; another program that wants the cores does not.
   */
  private static final int WINDOWS_OF_TIME = 4;

  /** On two cores that broker, gateway and a thousand clients share. */
  private static final long BOUND_MILLIS = 100;

  /** Connects so many subscribers of a topic. */
  private interface Joining {
    List<SwarmMember> join(Swarm swarm, Gateway gateway, String topic);
  }

  @Test
  void fiftyOfAThousandThatStopReadingSlowNobodyAndMissNothing() {
    check((swarm, gateway, topic) -> swarm.join(gateway.ws(), SUBSCRIBERS, topic, "\"latest\""));
  }

  @Test
  void fiftyOfAThousandEventStreamsThatStopReadingSlowNobodyAndMissNothing() {
    check((swarm, gateway, topic) ->
        swarm.joinEvents(gateway.channel(topic + "?from=latest"), SUBSCRIBERS));
  }

  private static void check(Joining joining) {
    Broker broker = Broker.shared();
    String topic = broker.topics().create("stalled", 2);
    try (Gateway gateway =
            Gateway.start(
                broker,
                Map.of(
                    "sluice.relay.window-bytes", Long.toString(WINDOWS),
                    "sluice.relay.feed-window-bytes", Long.toString(FEED_WINDOW),
                    "sluice.relay.replay-cache-bytes", Long.toString(4 * 1024 * 1024),
                    "micronaut.server.netty.child-options.SO_SNDBUF", "65536"));
        Swarm swarm = new Swarm();
        Writer writer = Writer.direct("live", broker, topic, RECORD_BYTES, PER_SECOND)) {
      RelayCounters counters = gateway.part(Relay.class).counters();
      List<SwarmMember> all = joining.join(swarm, gateway, topic);
      List<SwarmMember> stalled = all.subList(0, STALLED);
      Swarm.await(
          all, member -> member.received() > 6 * PER_SECOND, Duration.ofSeconds(30)); // warm
      Latencies quiet = swarm.measure();
      long enough = 4L * SUBSCRIBERS * PER_SECOND;
      Eventually.until(
          () -> quiet.count() > enough, Duration.ofSeconds(30), () -> "Nothing flows: " + quiet);

      stalled.forEach(SwarmMember::stopReading);
      long receivedBefore = stalled.stream().mapToLong(SwarmMember::received).sum();
      List<Latencies> during = new ArrayList<>();
      AtomicLong mostHeld = new AtomicLong();
      for (int window = 0; window < WINDOWS_OF_TIME; window++) {
        during.add(swarm.measure());
        Eventually.holds(
            () -> {
              mostHeld.accumulateAndGet(counters.heldBytes(), Math::max);
              return false;
            },
            STALL.dividedBy(WINDOWS_OF_TIME));
      }
      swarm.measure();
      long receivedMeanwhile =
          stalled.stream().mapToLong(SwarmMember::received).sum() - receivedBefore;
      stalled.forEach(SwarmMember::goOnReading);

      System.out.println(
          "quiet: " + quiet + "; meanwhile: " + during + "; most held " + mostHeld + " B");
      assertThat(receivedMeanwhile)
          .as("they did stop")
          .isLessThan((long) STALLED * PER_SECOND * 20 / 2);
      assertThat(during.stream().mapToLong(Latencies::count).sum())
          .isGreaterThan((SUBSCRIBERS - STALLED) * PER_SECOND * 15L);
      assertThat(during.stream().mapToLong(each -> each.percentile(0.99)).sorted().toArray()[1])
          .as("p99 of those who read on; quiet: %s, meanwhile: %s", quiet, during)
          .isLessThanOrEqualTo(quiet.percentile(0.99) + BOUND_MILLIS);
      assertThat(mostHeld).hasValueLessThanOrEqualTo(WINDOWS).hasValueGreaterThan(0);

      writer.finish();
      long end =
          broker.topics().dump(topic).reach().values().stream().mapToLong(Long::longValue).sum();
      Swarm.await(all, member -> member.nextOffsets() == end, Duration.ofSeconds(60));
      assertThat(counters.overflowReplays())
          .as("each of the fifty fell out")
          .isGreaterThanOrEqualTo(STALLED);
      assertThat(counters.stalledClosed()).isZero();
      assertThat(all)
          .as("every offset came once, in order, without a gap")
          .allMatch(member ->
              member.fault().isEmpty() && member.closed().isEmpty() && member.gapFrames() == 0);
      assertThat(stalled).as("told to be live again").allMatch(member -> member.lives() >= 2);
      Eventually.until(
          () -> counters.heldBytes() <= WINDOWS,
          Duration.ofSeconds(5),
          () -> "held: " + counters.heldBytes());
    }
  }
}
