package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.RecordKey;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import io.sluice.log.TopicPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** Whatever happens in whichever order: every record once, in order, or a gap that says so. */
class RelayProperties {
  @Property(tries = 5000)
  void everyOffsetIsDeliveredOnceInOrderOrCoveredByAGap(@ForAll long seed) {
    new Scenario(seed).play();
  }

  private static final class Scenario {
    private static final List<String> TOPICS = List.of("t", "u", "v.1", "v.2", "v.3");
    private static final List<String> KEYS = List.of("a", "b", "c", "d");
    private static final List<String> GLOBS = List.of("**", "*", "v.*", "t**", "*.2");

    private record Socket(FakeSocket outlet, SocketCursors cursors, List<Asked> asked) {}

    private record Asked(Selection selection, FakeClient client) {}

    private final Random random;
    private final Stage stage;
    private final RelaySettings settings;
    private final List<Socket> sockets = new ArrayList<>();
    private final List<Asked> all = new ArrayList<>();
    private final int topicChanges;

    Scenario(long seed) {
      random = new Random(seed);
      int batch = 60 + random.nextInt(200);
      long feedWindow = 400 + random.nextInt(4000);
      long window = feedWindow + random.nextInt(4000);
      long cache = random.nextInt((int) Math.min(window, 3000));
      settings = Stage.settings(window, feedWindow, batch, cache);
      stage = new Stage(settings, 1 + random.nextInt(2), 1 + random.nextInt(3));
      topicChanges = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(6);
      stage.topic(1 + random.nextInt(3));
      for (int i = 0; i < random.nextInt(3); i++) {
        create(TOPICS.get(1 + random.nextInt(TOPICS.size() - 1)));
      }
      for (int i = 0; i < random.nextInt(30); i++) {
        write();
      }
    }

    void play() {
      int steps = 20 + random.nextInt(250);
      for (int i = 0; i < steps; i++) {
        step();
      }
      comeToRest();
      for (Asked asked : all) {
        if (asked.client().isSubscribed() && !asked.client().subscriber().isEnded()) {
          checkComplete(asked);
        }
      }
      end();
    }

    private void step() {
      switch (random.nextInt(25)) {
        case 0, 1, 2, 3 -> burst();
        case 4, 5, 6 -> poll(1 + random.nextInt(12));
        case 7, 8 -> runReader();
        case 9, 10, 11 -> stage.executors.get(random.nextInt(stage.executors.size())).runOne();
        case 12 -> stage.executors.get(random.nextInt(stage.executors.size())).runAll();
        case 13, 14 -> stage.log.runRead();
        case 15 -> stage.log.answers.runOne();
        case 16 -> subscribe(open());
        case 17, 18, 19 -> takeMore();
        case 20 -> another();
        case 21 -> leave();
        case 22 -> trouble();
        case 23 -> changeTopics();
        default -> check();
      }
    }

    private <T> T any(List<T> some) {
      return some.get(random.nextInt(some.size()));
    }

    private @Nullable Topic anyTopic() {
      List<String> there = TOPICS.stream().filter(stage.log::exists).toList();
      return there.isEmpty()
          ? null
          : stage.log.now(random.nextBoolean() ? there.getFirst() : any(there));
    }

    private @Nullable Partition anyPartition() {
      Topic topic = anyTopic();
      return topic == null ? null : any(topic.partitions());
    }

    private void burst() {
      for (int i = random.nextInt(10); i >= 0; i--) {
        write();
      }
    }

    private void write() {
      Topic topic = anyTopic();
      if (topic == null) {
        return;
      }
      int size =
          random.nextInt(60) == 0 ? 1100 : random.nextInt(12) == 0 ? 400 : random.nextInt(60);
      if (random.nextInt(8) == 0) {
        stage.log.skip(any(topic.partitions()), 1 + random.nextInt(3));
      } else if (random.nextInt(3) == 0) {
        stage.write(any(topic.partitions()), null, size);
      } else {
        stage.writeKeyed(topic.name(), any(KEYS), size);
      }
    }

    private void poll(int most) {
      stage.log.poll(most);
      assertThat(stage.relay.windows().bytes()).isLessThanOrEqualTo(settings.windowBytes());
    }

    private void runReader() {
      for (int i = random.nextInt(4); i >= 0; i--) {
        stage.log.reader.runOne();
      }
    }

    private Socket open() {
      if (!sockets.isEmpty() && random.nextInt(3) == 0) {
        return any(sockets);
      }
      FakeSocket outlet = stage.socket();
      LoopRelay loop = any(stage.loops);
      Socket socket =
          new Socket(outlet, loop.open(outlet, "owner" + random.nextInt(3)), new ArrayList<>());
      sockets.add(socket);
      return socket;
    }

    private void subscribe(Socket socket) {
      Selection selection = selection();
      FakeClient client = new FakeClient(socket.outlet(), stage.written, selection);
      Asked asked = new Asked(selection, client);
      socket.asked().add(asked);
      all.add(asked);
      Overflow overflow = any(List.of(Overflow.values()));
      FeedForm form = random.nextInt(3) == 0 ? Stage.OTHER_FORM : Stage.FORM;
      socket
          .cursors()
          .subscribe(new SubscribeRequest(selection, form, from(selection), overflow), client);
    }

    private Selection selection() {
      RecordKey key = random.nextBoolean() ? RecordKey.of(any(KEYS)) : null;
      return new Selection(topics(), key, random.nextBoolean());
    }

    private Topics topics() {
      return switch (random.nextInt(5)) {
        case 0, 1 -> new Topics.Matching(TopicPattern.of(any(GLOBS)));
        case 2 -> new Topics.Named(List.of(any(TOPICS), "t"));
        default -> new Topics.Named(List.of("t"));
      };
    }

    private From from(Selection selection) {
      return switch (random.nextInt(4)) {
        case 0 -> new From.Latest();
        case 1 -> new From.Earliest();
        default -> at(selection);
      };
    }

    private From.At at(Selection selection) {
      Map<Partition, Long> positions = new HashMap<>();
      Map<String, TopicId> ids = new HashMap<>();
      for (String name : TOPICS) {
        if (!selection.topics().include(name) || !stage.log.exists(name)) {
          continue;
        }
        Topic topic = stage.log.now(name);
        for (Partition partition : selection.partitionsOf(topic, stage.log)) {
          if (random.nextInt(6) > 0) {
            long head = stage.log.head(partition);
            positions.put(partition, head - Math.min(head, random.nextInt(40)));
          }
        }
        ids.put(name, random.nextInt(20) == 0 ? new TopicId("another") : topic.id());
      }
      return new From.At(new Positions(positions), ids);
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

    private void another() {
      switch (random.nextInt(8)) {
        case 0 -> stage.pass(Duration.ofSeconds(31));
        case 1, 2 -> stage.pass(Duration.ofSeconds(5));
        default -> stage.pass(Duration.ofMillis(random.nextInt(1000)));
      }
    }

    private void changeTopics() {
      if (topicChanges == 0 || random.nextInt(topicChanges) > 0) {
        return;
      }
      String name = random.nextInt(8) == 0 ? "t" : TOPICS.get(1 + random.nextInt(4));
      if (!stage.log.exists(name)) {
        create(name);
        return;
      }
      int partitions = stage.log.now(name).partitionCount();
      switch (random.nextInt(4)) {
        case 0 -> stage.log.delete(name);
        case 1 -> stage.recreate(name, 1 + random.nextInt(3));
        default -> {
          if (partitions < 5) {
            stage.log.addPartitions(name, partitions + 1 + random.nextInt(2));
          }
        }
      }
    }

    /** Some are large already when they are seen: what is in them is replayed. */
    private void create(String name) {
      if (stage.log.exists(name)) {
        return;
      }
      Topic topic = stage.create(name, 1 + random.nextInt(3));
      for (int i = random.nextInt(8); i > 0; i--) {
        stage.writeKeyed(name, any(KEYS), random.nextInt(60));
      }
      if (random.nextInt(3) == 0) {
        stage.log.skip(any(topic.partitions()), 1500);
      }
    }

    private void leave() {
      if (sockets.isEmpty()) {
        return;
      }
      Socket socket = any(sockets);
      if (random.nextInt(3) == 0) {
        socket.cursors().close();
        sockets.remove(socket);
        all.removeAll(socket.asked());
      } else if (!socket.asked().isEmpty()) {
        FakeClient client = any(socket.asked()).client();
        if (client.isSubscribed()) {
          client.checkPositions(client.subscriber().positions());
          client.subscriber().close();
        }
      }
    }

    private void trouble() {
      Partition partition = anyPartition();
      if (partition != null && random.nextInt(3) == 0) {
        stage.deleteBefore(partition, stage.log.head(partition) - random.nextInt(30));
      } else if (random.nextInt(3) == 0) {
        stage.log.failNextRead(new LogFailure.Unavailable("The test says so."));
      }
    }

    private void check() {
      for (Asked asked : all) {
        FakeClient client = asked.client();
        if (client.isSubscribed() && !client.subscriber().isEnded()) {
          client.checkPositions(client.subscriber().positions());
        }
      }
    }

    private void comeToRest() {
      stage.log.heal();
      for (int i = 0; i < 80; i++) {
        for (Socket socket : List.copyOf(sockets)) {
          if (!socket.outlet().isClear()) {
            socket.outlet().takes(Integer.MAX_VALUE);
            socket.cursors().onClear();
          }
          socket.outlet().takes(Integer.MAX_VALUE);
        }
        stage.settle();
        stage.pass(Duration.ofMillis(200));
        stage.log.poll(1000);
      }
      stage.settle();
      // Every loop has let go what the windows let go: nothing is allocated but what they count.
      assertThat(stage.relay.counters().heldBytes())
          .isEqualTo(stage.relay.windows().bytesWithSlices())
          .isLessThanOrEqualTo(settings.windowBytes());
    }

    private void checkComplete(Asked asked) {
      FakeClient client = asked.client();
      Selection selection = asked.selection();
      for (String name : TOPICS) {
        if (!selection.topics().include(name) || !stage.log.exists(name)) {
          continue;
        }
        Topic topic = stage.log.now(name);
        for (Partition partition : topic.partitions()) {
          if (selection.partitionsOf(topic, stage.log).contains(partition)
              || client.reads(partition)) {
            client.checkComplete(partition, stage.log.head(partition));
          }
        }
      }
      client.checkPositions(client.subscriber().positions());
      assertThat(client.live).describedAs("told that it is live").isGreaterThan(0);
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
      assertThat(stage.relay.counters().heldBytes()).isZero();
      for (String name : TOPICS) {
        for (int i = 0; i < 8; i++) {
          assertThat(stage.log.isReading(new Partition(name, i))).isFalse();
        }
        assertThat(stage.log.watchers(name)).isZero();
      }
      assertThat(stage.leaked()).isZero();
    }
  }
}
