package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Isolation;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.Topic;
import io.sluice.log.TopicPattern;
import io.sluice.testing.FakeLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Topics come, grow, go and are made again while two readers are at different places in hearing of
 * it: whatever the order, each subscriber gets every record of its isolation once, or hears of a
 * gap.
 */
class TwoReadersProperties {
  @Property(tries = 1500)
  void everyOffsetOfEachIsolationIsDeliveredOnceInOrderOrCoveredByAGap(@ForAll long seed) {
    new Scenario(seed).play();
  }

  private static final class Scenario {
    private static final List<String> TOPICS = List.of("t", "u", "v");

    private record Socket(FakeSocket outlet, SocketCursors cursors) {}

    private record Asked(Socket socket, Selection selection, FakeClient client) {}

    private final Random random;
    private final RelaySettings settings;
    private final TwoReadersStage stage;
    private final List<Socket> sockets = new ArrayList<>();
    private final List<Asked> all = new ArrayList<>();

    Scenario(long seed) {
      random = new Random(seed);
      long feedWindow = 400 + random.nextInt(3000);
      settings =
          Stage.settings(
              feedWindow + random.nextInt(4000), feedWindow, 60 + random.nextInt(200), 300);
      stage = new TwoReadersStage(settings);
      stage.create("t", 1 + random.nextInt(2));
      if (random.nextBoolean()) {
        stage.create("u", 1);
      }
    }

    void play() {
      for (int i = 20 + random.nextInt(150); i > 0; i--) {
        step();
      }
      comeToRest();
      all.forEach(this::checkComplete);
      end();
    }

    private void step() {
      FakeLog log = stage.log(isolation());
      switch (random.nextInt(16)) {
        case 0, 1, 2 -> write();
        case 3, 4 -> log.poll(1 + random.nextInt(8));
        case 5, 6 -> log.reader.runOne();
        case 7 -> log.answers.runOne();
        case 8 -> log.runRead();
        case 9, 10 -> stage.executor.runOne();
        case 11, 12 -> subscribe();
        case 13 -> takeMore();
        case 14 -> changeTopics();
        default -> stage.pass(Duration.ofMillis(random.nextInt(6) == 0 ? 6000 : 100));
      }
    }

    private Isolation isolation() {
      return random.nextBoolean() ? Isolation.READ_COMMITTED : Isolation.READ_UNCOMMITTED;
    }

    private <T> T any(List<T> some) {
      return some.get(random.nextInt(some.size()));
    }

    private void write() {
      List<String> there = TOPICS.stream().filter(stage::exists).toList();
      if (!there.isEmpty()) {
        Topic topic = stage.topic(any(there));
        for (int i = random.nextInt(6); i >= 0; i--) {
          stage.write(isolation(), any(topic.partitions()), random.nextInt(60));
        }
      }
    }

    private void subscribe() {
      if (sockets.isEmpty() || random.nextInt(3) > 0) {
        FakeSocket outlet = new FakeSocket(stage.alloc);
        sockets.add(new Socket(outlet, stage.loop.open(outlet, "somebody")));
      }
      Socket socket = any(sockets);
      Topics topics =
          switch (random.nextInt(3)) {
            case 0 -> new Topics.Matching(TopicPattern.of("*"));
            case 1 -> new Topics.Named(List.of("t", "u"));
            default -> new Topics.Named(List.of("t"));
          };
      Selection selection = new Selection(topics, null, false, isolation());
      From from =
          switch (random.nextInt(3)) {
            case 0 -> new From.Latest();
            case 1 -> new From.Earliest();
            default -> new From.At(new Positions(Map.of(new Partition("t", 0), 0L)), Map.of());
          };
      all.add(
          new Asked(
              socket,
              selection,
              stage.subscribe(
                  socket.cursors(),
                  socket.outlet(),
                  selection,
                  from,
                  any(List.of(Overflow.values())))));
    }

    private void takeMore() {
      if (!sockets.isEmpty()) {
        Socket socket = any(sockets);
        boolean wasClear = socket.outlet().isClear();
        socket.outlet().takes(random.nextInt(5));
        if (!wasClear && socket.outlet().isClear()) {
          socket.cursors().onClear();
        }
      }
    }

    private void changeTopics() {
      String name = any(TOPICS);
      if (!stage.exists(name)) {
        stage.create(name, 1 + random.nextInt(2));
        return;
      }
      switch (random.nextInt(4)) {
        case 0 -> stage.delete(name);
        case 1 -> stage.recreate(name, 1 + random.nextInt(3));
        default -> {
          int partitions = stage.topic(name).partitionCount();
          if (partitions < 5) {
            stage.addPartitions(name, partitions + 1);
          }
        }
      }
    }

    private void comeToRest() {
      int heard = 0;
      for (int quiet = 0; quiet < 40; quiet++) {
        for (Socket socket : sockets) {
          boolean wasClear = socket.outlet().isClear();
          socket.outlet().takes(Integer.MAX_VALUE);
          if (!wasClear) {
            socket.cursors().onClear();
          }
        }
        stage.settle();
        stage.pass(Duration.ofMillis(200));
        stage.poll();
        int before = heard;
        heard = all.stream().mapToInt(asked -> asked.client().records).sum();
        quiet = heard > before ? 0 : quiet;
      }
      long held = 0;
      for (Isolation isolation : Isolation.values()) {
        held += stage.relay.windows(isolation).bytesWithSlices();
      }
      assertThat(stage.relay.counters().heldBytes())
          .isEqualTo(held)
          .isLessThanOrEqualTo(settings.windowBytes());
    }

    private void checkComplete(Asked asked) {
      FakeClient client = asked.client();
      if (!client.isSubscribed() || client.subscriber().isEnded()) {
        return;
      }
      FakeLog log = stage.log(asked.selection().isolation());
      for (String name : TOPICS) {
        if (asked.selection().topics().include(name) && log.exists(name)) {
          for (Partition partition : log.now(name).partitions()) {
            client.checkComplete(partition, log.head(partition));
          }
        }
      }
      client.checkPositions(client.subscriber().positions());
    }

    private void end() {
      sockets.forEach(socket -> socket.cursors().close());
      stage.settle();
      for (int i = 0; i < 3; i++) {
        stage.pass(Duration.ofSeconds(31));
        stage.poll();
      }
      assertThat(stage.relay.counters().subscribers()).isZero();
      assertThat(stage.relay.counters().feeds()).isZero();
      for (Isolation isolation : Isolation.values()) {
        FakeLog log = stage.log(isolation);
        for (String name : TOPICS) {
          assertThat(log.watchers(name)).isZero();
          for (int i = 0; i < 6; i++) {
            assertThat(log.isReading(new Partition(name, i))).isFalse();
          }
        }
      }
      assertThat(stage.leaked()).isZero();
    }
  }
}
