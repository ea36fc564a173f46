package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Isolation;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
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

/** Whatever happens in whichever order: every record once, in order, or a gap that says so. */
class RelayProperties {
  @Property(tries = 5000)
  void everyOffsetIsDeliveredOnceInOrderOrCoveredByAGapAndNoMoreThanAllowed(@ForAll long seed) {
    new Scenario(seed).play();
  }

  private static final class Scenario {
    /** Records enough, and not so many that they cannot be counted. */
    private static final long PLENTY = 1_000_000;

    private record Socket(FakeSocket outlet, SocketCursors cursors, List<FakeClient> clients) {}

    private final Random random;
    private final Stage stage;
    private final RelaySettings settings;
    private final List<Socket> sockets = new ArrayList<>();
    private final List<FakeClient> all = new ArrayList<>();
    private final List<FakeClient> everyone = new ArrayList<>();
    private int partitions;

    Scenario(long seed) {
      random = new Random(seed);
      int batch = 60 + random.nextInt(200);
      long feedWindow = 400 + random.nextInt(4000);
      long window = feedWindow + random.nextInt(4000);
      long cache = random.nextInt((int) Math.min(window, 3000));
      settings = Stage.settings(window, feedWindow, batch, cache);
      stage = new Stage(settings, 1 + random.nextInt(2), 1 + random.nextInt(3));
      partitions = 1 + random.nextInt(3);
      stage.topic(partitions);
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
      for (FakeClient client : all) {
        if (client.isSubscribed() && !client.subscriber().isEnded()) {
          checkComplete(client);
        }
      }
      end();
    }

    private void step() {
      switch (random.nextInt(27)) {
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
        case 23, 24 -> grant();
        case 25 -> stage.pass(Duration.ofMillis(1 + random.nextInt(100)));
        default -> check();
      }
    }

    private void burst() {
      for (int i = random.nextInt(10); i >= 0; i--) {
        write();
      }
    }

    private void write() {
      int partition = random.nextInt(partitions);
      if (random.nextInt(8) == 0) {
        stage.log.skip(Stage.partition(partition), 1 + random.nextInt(3));
      } else {
        int size =
            random.nextInt(60) == 0 ? 1100 : random.nextInt(12) == 0 ? 400 : random.nextInt(60);
        stage.write(partition, size, time() - random.nextInt(3));
      }
    }

    /**
     * What records have as their timestamp: it moves with the clock, and a little with each step.
     */
    private long time() {
      return 1000 + stage.now / 1_000_000 + stage.log.head(Stage.partition(0)) / 4;
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
        return sockets.get(random.nextInt(sockets.size()));
      }
      FakeSocket outlet = stage.socket();
      LoopRelay loop = stage.loops.get(random.nextInt(stage.loops.size()));
      Socket socket =
          new Socket(outlet, loop.open(outlet, "owner" + random.nextInt(3)), new ArrayList<>());
      sockets.add(socket);
      return socket;
    }

    private void subscribe(Socket socket) {
      FakeClient client = new FakeClient(socket.outlet(), stage.written);
      socket.clients().add(client);
      all.add(client);
      everyone.add(client);
      Overflow overflow = Overflow.values()[random.nextInt(3)];
      FeedForm form = random.nextInt(3) == 0 ? Stage.OTHER_FORM : Stage.FORM;
      Flow flow = flow();
      From from = from();
      client.expect(flow, () -> stage.now);
      expectStart(client, from);
      socket
          .cursors()
          .subscribe(new SubscribeRequest(Selection.of("t"), form, from, overflow, flow), client);
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
      List<FakeClient> here = all.stream().filter(FakeClient::isSubscribed).toList();
      if (!here.isEmpty()) {
        here.get(random.nextInt(here.size())).grant(1 + random.nextInt(12));
      }
    }

    /** Where one may start who asks for that now, and what he has to have before he is live. */
    private void expectStart(FakeClient client, From from) {
      Map<Partition, Long> heads = new HashMap<>();
      for (int i = 0; i < partitions; i++) {
        heads.put(Stage.partition(i), stage.log.head(Stage.partition(i)));
      }
      // One that is new and not known yet joins later.
      Set<Partition> known = new HashSet<>();
      Runnable completeAtItsStart =
          () ->
              heads.forEach((partition, head) -> {
                if (known.contains(partition)) {
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
                    .forEach((partition, offset) ->
                        assertThat(offset)
                            .isGreaterThanOrEqualTo(heads.getOrDefault(partition, 0L) - records));
              };
          client.onLive = completeAtItsStart;
        }
        case From.Timestamp(long timestamp) -> {
          client.onStart =
              start -> {
                known.addAll(start.byPartition().keySet());
                start
                    .byPartition()
                    .forEach((partition, offset) ->
                        checkTime(partition, offset, timestamp, heads.getOrDefault(partition, 0L)));
              };
          client.onLive = completeAtItsStart;
        }
        case From.Latest _, From.Earliest _, From.At _ -> {}
      }
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

    private From from() {
      return switch (random.nextInt(6)) {
        case 0 -> new From.Latest();
        case 1 -> new From.Earliest();
        case 2 -> new From.Tail(1 + random.nextInt(20));
        case 3 -> new From.Timestamp(time() + 5 - random.nextInt(20));
        default -> {
          Map<Partition, Long> positions = new HashMap<>();
          for (int i = 0; i < partitions; i++) {
            long head = stage.log.head(Stage.partition(i));
            if (random.nextInt(6) > 0) {
              positions.put(Stage.partition(i), head - Math.min(head, random.nextInt(40)));
            }
          }
          yield new From.At(new Positions(positions), Map.of());
        }
      };
    }

    private void takeMore() {
      if (!sockets.isEmpty()) {
        Socket socket = sockets.get(random.nextInt(sockets.size()));
        boolean wasClear = socket.outlet().isClear();
        socket.outlet().takes(random.nextInt(5));
        if (!wasClear && socket.outlet().isClear()) {
          socket.cursors().onClear();
        }
      }
    }

    private void another() {
      if (random.nextBoolean()) {
        stage.pass(Duration.ofMillis(random.nextInt(6000)));
      } else if (random.nextInt(4) == 0) {
        stage.pass(Duration.ofSeconds(31));
      } else if (partitions < 5 && random.nextInt(3) == 0) {
        stage.log.addPartitions("t", ++partitions);
      }
    }

    private void leave() {
      if (sockets.isEmpty()) {
        return;
      }
      Socket socket = sockets.get(random.nextInt(sockets.size()));
      if (random.nextInt(3) == 0) {
        socket.cursors().close();
        sockets.remove(socket);
        all.removeAll(socket.clients());
      } else if (!socket.clients().isEmpty()) {
        FakeClient client = socket.clients().get(random.nextInt(socket.clients().size()));
        if (client.isSubscribed()) {
          client.checkPositions(client.subscriber().positions());
          client.subscriber().close();
        }
      }
    }

    private void trouble() {
      Partition partition = Stage.partition(random.nextInt(partitions));
      if (random.nextInt(3) == 0) {
        stage.log.deleteBefore(partition, stage.log.head(partition) - random.nextInt(30));
      } else if (random.nextInt(3) == 0) {
        stage.log.failNextRead(new LogFailure.Unavailable("The test says so."));
      }
    }

    private void check() {
      for (FakeClient client : all) {
        if (client.isSubscribed() && !client.subscriber().isEnded()) {
          client.checkPositions(client.subscriber().positions());
        }
      }
    }

    private void comeToRest() {
      stage.log.heal();
      Set<FakeClient> rich = new HashSet<>();
      // A read that failed is tried again after 3.2 s at the latest, which are 16 of these rounds.
      int heard = 0;
      for (int quiet = 0; quiet < 20; quiet++) {
        all.stream()
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
        heard = all.stream().mapToInt(client -> client.heard.size()).sum();
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

    private void checkComplete(FakeClient client) {
      for (int i = 0; i < partitions; i++) {
        long head = stage.log.head(Stage.partition(i));
        client.checkComplete(Stage.partition(i), head);
        assertThat(client.next.getOrDefault(Stage.partition(i), 0L))
            .as("knows how far partition %s is read", i)
            .isEqualTo(head);
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
      assertThat(stage.log.isReading(Stage.partition(0))).isFalse();
      assertThat(stage.log.watchers("t")).isZero();
      assertThat(stage.leaked()).isZero();
    }
  }
}
