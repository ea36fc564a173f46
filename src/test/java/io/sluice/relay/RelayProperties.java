package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever happens in whichever order: every record once, in order, or a gap that says so. */
class RelayProperties {
  @Property(tries = 5000)
  void everyOffsetIsDeliveredOnceInOrderOrCoveredByAGap(@ForAll long seed) {
    new Scenario(seed).play();
  }

  private static final class Scenario {
    private record Socket(FakeSocket outlet, SocketCursors cursors, List<FakeClient> clients) {}

    private final Random random;
    private final Stage stage;
    private final RelaySettings settings;
    private final List<Socket> sockets = new ArrayList<>();
    private final List<FakeClient> all = new ArrayList<>();
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
      for (FakeClient client : all) {
        if (client.isSubscribed() && !client.subscriber().isEnded()) {
          checkComplete(client);
        }
      }
      end();
    }

    private void step() {
      switch (random.nextInt(24)) {
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
        stage.write(partition, size);
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
      Overflow overflow = Overflow.values()[random.nextInt(3)];
      FeedForm form = random.nextInt(3) == 0 ? Stage.OTHER_FORM : Stage.FORM;
      socket
          .cursors()
          .subscribe(new SubscribeRequest(new Selection("t"), form, from(), overflow), client);
    }

    private From from() {
      return switch (random.nextInt(4)) {
        case 0 -> new From.Latest();
        case 1 -> new From.Earliest();
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
        stage.pass(Duration.ofMillis(random.nextInt(1000)));
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
      for (int i = 0; i < 60; i++) {
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

    private void checkComplete(FakeClient client) {
      for (int i = 0; i < partitions; i++) {
        client.checkComplete(Stage.partition(i), stage.log.head(Stage.partition(i)));
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
      assertThat(stage.log.isReading(Stage.partition(0))).isFalse();
      assertThat(stage.log.watchers("t")).isZero();
      assertThat(stage.leaked()).isZero();
    }
  }
}
