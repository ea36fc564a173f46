package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Isolation;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
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

    /** Records enough, and not so many that they cannot be counted. */
    private static final long PLENTY = 1_000_000;

    private record Socket(FakeSocket outlet, SocketCursors cursors, List<Asked> asked) {}

    private record Asked(Selection selection, FakeClient client) {}

    private final Random random;
    private final Stage stage;
    private final RelaySettings settings;
    private final List<Socket> sockets = new ArrayList<>();
    private final List<Asked> all = new ArrayList<>();
    private final List<FakeClient> everyone = new ArrayList<>();
    private final int topicChanges;
    private int written;

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
      hearPositions();
      for (Asked asked : all) {
        if (asked.client().isSubscribed() && !asked.client().subscriber().isEnded()) {
          checkComplete(asked);
        }
      }
      end();
    }

    private void step() {
      switch (random.nextInt(28)) {
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
        case 24, 25 -> grant();
        case 26 -> stage.pass(Duration.ofMillis(1 + random.nextInt(100)));
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
        stage.write(any(topic.partitions()), null, size, time() - random.nextInt(3));
      } else {
        stage.writeKeyed(topic.name(), any(KEYS), size, time() - random.nextInt(3));
      }
      written++;
    }

    /**
     * What records have as their timestamp: it moves with the clock, and a little with each record.
     */
    private long time() {
      return 1000 + stage.now / 1_000_000 + written / 8;
    }

    private void poll(int most) {
      stage.log.poll(most);
      assertThat(stage.relay.windows(Isolation.READ_COMMITTED).bytes())
          .isLessThanOrEqualTo(settings.windowBytes());
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
      everyone.add(client);
      Overflow overflow = any(List.of(Overflow.values()));
      FeedForm form = random.nextInt(3) == 0 ? Stage.OTHER_FORM : Stage.FORM;
      Flow flow = flow();
      From from = from(selection);
      client.expect(flow, () -> stage.now);
      client.asks(from);
      expectStart(selection, client, from);
      socket
          .cursors()
          .subscribe(new SubscribeRequest(selection, form, from, overflow, flow), client);
    }

    private Flow flow() {
      OptionalLong credit =
          random.nextInt(3) == 0 ? OptionalLong.of(random.nextInt(20)) : OptionalLong.empty();
      OptionalDouble rate =
          random.nextInt(4) == 0
              ? OptionalDouble.of(5 + random.nextInt(200))
              : OptionalDouble.empty();
      return new Flow(credit, rate);
    }

    private void grant() {
      List<FakeClient> here =
          all.stream().map(Asked::client).filter(FakeClient::isSubscribed).toList();
      if (!here.isEmpty()) {
        any(here).grant(1 + random.nextInt(12));
      }
    }

    /** Where one may start who asks for that now, and what he has to have before he is live. */
    private void expectStart(Selection selection, FakeClient client, From from) {
      Map<Partition, Long> heads = new HashMap<>();
      Map<String, TopicId> ids = new HashMap<>();
      for (String name : TOPICS) {
        if (selection.topics().include(name) && stage.log.exists(name)) {
          Topic topic = stage.log.now(name);
          ids.put(name, topic.id());
          selection
              .partitionsOf(topic, stage.log)
              .forEach(each -> heads.put(each, stage.log.head(each)));
        }
      }
      // One that is new and not known yet joins later.
      Set<Partition> known = new HashSet<>();
      Runnable completeAtItsStart =
          () ->
              heads.forEach((partition, head) -> {
                if (known.contains(partition) && isStill(partition, ids)) {
                  client.checkComplete(partition, head);
                }
              });
      switch (from) {
        case From.Tail(long records) -> {
          client.onStart =
              start -> {
                known.addAll(start.byPartition().keySet());
                start
                    .byPartition()
                    .forEach((partition, offset) -> {
                      if (isStill(partition, ids)) {
                        assertThat(offset)
                            .isGreaterThanOrEqualTo(heads.getOrDefault(partition, 0L) - records);
                      }
                    });
              };
          client.onLive = completeAtItsStart;
        }
        case From.Timestamp(long timestamp) -> {
          client.onStart =
              start -> {
                known.addAll(start.byPartition().keySet());
                start
                    .byPartition()
                    .forEach((partition, offset) -> {
                      Long head = heads.get(partition);
                      if (head != null && isStill(partition, ids)) {
                        checkTime(partition, offset, timestamp, head);
                      }
                    });
              };
          client.onLive = completeAtItsStart;
        }
        case From.Latest _, From.Earliest _, From.At _ -> {}
      }
    }

    private boolean isStill(Partition partition, Map<String, TopicId> ids) {
      String name = partition.topic();
      return stage.log.exists(name) && stage.log.now(name).id().equals(ids.get(name));
    }

    private void checkTime(Partition partition, long start, long timestamp, long head) {
      long oldest = stage.log.oldestOf(partition);
      List<Long> wanted = stage.log.offsetsSince(timestamp, partition);
      assertThat(wanted)
          .as("left out before %s", start)
          .noneMatch(offset -> offset >= oldest && offset < start);
      assertThat(start >= head || start < oldest || wanted.contains(start))
          .as("%s is the first of %s or the head %s", start, wanted, head)
          .isTrue();
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
      return switch (random.nextInt(6)) {
        case 0 -> new From.Latest();
        case 1 -> new From.Earliest();
        case 2 -> new From.Tail(1 + random.nextInt(20));
        case 3 -> new From.Timestamp(time() + 5 - random.nextInt(20));
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
        default -> stage.pass(Duration.ofMillis(random.nextInt(6000)));
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
        stage.writeKeyed(name, any(KEYS), random.nextInt(60), time());
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
      Set<FakeClient> rich = new HashSet<>();
      // A read that failed is tried again after 3.2 s at the latest, a topic is seen after 5 s and
      // read a second later: these are 31 of these rounds.
      int heard = 0;
      for (int quiet = 0; quiet < 40; quiet++) {
        all.stream()
            .map(Asked::client)
            .filter(client -> client.isSubscribed() && rich.add(client))
            .forEach(client -> client.grant(PLENTY));
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
        stage.settle();
        int before = heard;
        heard = all.stream().mapToInt(asked -> asked.client().records).sum();
        quiet = heard > before ? 0 : quiet;
      }
      // Every loop has let go what the windows let go: nothing is allocated but what they count.
      assertThat(stage.relay.counters().heldBytes())
          .isEqualTo(stage.relay.windows(Isolation.READ_COMMITTED).bytesWithSlices())
          .isLessThanOrEqualTo(settings.windowBytes());
    }

    /** Who got all hears of what was scanned behind it, be it in the second round. */
    private void hearPositions() {
      for (int i = 0; i < 3; i++) {
        stage.pass(PositionRounds.EVERY);
        stage.settle();
      }
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
            long head = stage.log.head(partition);
            client.checkComplete(partition, head);
            assertThat(client.next.getOrDefault(partition, 0L))
                .as("knows how far %s is read", partition)
                .isEqualTo(head);
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
      assertThat(stage.relay.counters().subscribersBehind()).isZero();
      assertThat(stage.relay.counters().recordsHandedOver())
          .isEqualTo(everyone.stream().mapToLong(client -> client.records).sum());
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
