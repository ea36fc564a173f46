package io.sluice.transport;

import io.netty.channel.EventLoop;
import io.sluice.protocol.CloseCode;
import io.sluice.relay.LoopTimer;
import io.sluice.relay.Relay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** The connections of this process, by event loop. Any thread. */
public final class Connections {
  private final Map<EventLoop, LoopConnections> loops = new ConcurrentHashMap<>();
  private final TransportCounters counters = new TransportCounters();
  private final Relay relay;
  private final Duration tick;

  /**
   * @param heartbeat how often peers are pinged; clocks are looked at eight times as often, at most
   *     every second
   */
  public Connections(Relay relay, Duration heartbeat) {
    this.relay = relay;
    Duration eighth = heartbeat.dividedBy(8);
    this.tick = eighth.compareTo(Duration.ofSeconds(1)) < 0 ? eighth : Duration.ofSeconds(1);
  }

  LoopConnections on(EventLoop eventLoop) {
    return loops.computeIfAbsent(
        eventLoop,
        loop -> {
          LoopTimer timer = (nanos, task) -> loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
          new StallClock(timer, counters, System::nanoTime).start();
          return new LoopConnections(loop, relay.loop(loop, timer), tick);
        });
  }

  /** What has been done on all of them. */
  TransportCounters counters() {
    return counters;
  }

  /** Kafka cannot be reached, or can be again: tells every peer. */
  public void onAvailability(boolean available) {
    onEach(loop -> loop.onAvailability(available));
  }

  /**
   * This instance is going away: tells every peer where it stands and when to be back.
   *
   * @param window the peers' returns are spread over it
   */
  public void drain(Duration window) {
    onEach(loop -> loop.onDrain(window));
  }

  /** Begins to close every connection. */
  public void closeAll(CloseCode code, String reason) {
    onEach(loop -> loop.forEach(connection -> connection.close(code, reason)));
  }

  /** How many connections are open. */
  public CompletableFuture<Integer> count() {
    return ask(LoopConnections::size)
        .thenApply(sizes -> sizes.stream().mapToInt(Integer::intValue).sum());
  }

  /** Whether any peer has not been answered yet. */
  public CompletableFuture<Boolean> isBusy() {
    return ask(LoopConnections::isBusy).thenApply(busy -> busy.contains(true));
  }

  private void onEach(Consumer<LoopConnections> task) {
    loops.values().forEach(loop -> loop.execute(() -> task.accept(loop)));
  }

  private <T> CompletableFuture<List<T>> ask(Function<LoopConnections, T> question) {
    CompletableFuture<List<T>> answers = CompletableFuture.completedFuture(new ArrayList<>());
    for (LoopConnections loop : loops.values()) {
      CompletableFuture<T> answer =
          CompletableFuture.supplyAsync(() -> question.apply(loop), loop::execute);
      answers =
          answers.thenCombine(
              answer,
              (list, one) -> {
                list.add(one);
                return list;
              });
    }
    return answers;
  }
}
