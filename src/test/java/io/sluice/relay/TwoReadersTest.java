package io.sluice.relay;

import static io.sluice.log.Isolation.READ_COMMITTED;
import static io.sluice.log.Isolation.READ_UNCOMMITTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.log.Isolation;
import io.sluice.log.Partition;
import io.sluice.log.ReadableLog;
import io.sluice.log.TopicId;
import io.sluice.testing.FakeLog;
import io.sluice.testing.ManualExecutor;
import io.sluice.testing.ManualTimer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Readers of two isolations have feeds of their own, and share sockets, numbers and memory. */
class TwoReadersTest {
  private static final int LIMIT = 8 * 1024;

  private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false, true);
  private final Map<Isolation, FakeLog> logs = new EnumMap<>(Isolation.class);
  private final Map<Isolation, Written> written = new EnumMap<>(Isolation.class);
  private final ManualExecutor executor = new ManualExecutor();
  private final FakeSocket socket = new FakeSocket(alloc);
  private final Relay relay;
  private final SocketCursors cursors;
  private long now;

  TwoReadersTest() {
    Map<Isolation, ReadableLog> readable = new EnumMap<>(Isolation.class);
    for (Isolation isolation : Isolation.values()) {
      FakeLog log = new FakeLog(2);
      log.create("t", 1);
      log.create("u", 1);
      logs.put(isolation, log);
      written.put(isolation, new Written());
      readable.put(isolation, new ReadableLog(log, log, log));
    }
    relay =
        new Relay(
            Stage.small(), readable, (number, form) -> new TextEncoder(number), () -> now, alloc);
    logs.forEach((isolation, log) -> log.start(relay.liveListener(isolation)));
    cursors =
        relay.loop(executor, new ManualTimer(executor, () -> now)::after).open(socket, "somebody");
  }

  @Test
  void theSameTopicInTwoIsolationsIsTwoSubscriptions() {
    FakeClient committed = subscribe(READ_COMMITTED, "t");
    FakeClient uncommitted = subscribe(READ_UNCOMMITTED, "t");
    assertThat(committed.subscriber().number()).isNotEqualTo(uncommitted.subscriber().number());
    write(READ_UNCOMMITTED, "t", "x");
    write(READ_UNCOMMITTED, "t", "y");
    write(READ_COMMITTED, "t", "z");
    poll();
    assertThat(uncommitted.records).isEqualTo(2);
    assertThat(committed.records).isEqualTo(1);
  }

  @Test
  void whoLeavesIsForgottenByHisReaderOnly() {
    FakeClient committed = subscribe(READ_COMMITTED, "t");
    FakeClient uncommitted = subscribe(READ_UNCOMMITTED, "t");
    uncommitted.subscriber().close();
    settle();
    write(READ_COMMITTED, "t", "z");
    write(READ_UNCOMMITTED, "t", "x");
    poll();
    assertThat(committed.records).isEqualTo(1);
    assertThat(uncommitted.records).isZero();
  }

  @Test
  void whenTheSocketGoesEveryReaderHearsOfItsOwn() {
    subscribe(READ_COMMITTED, "t");
    subscribe(READ_COMMITTED, "u");
    subscribe(READ_UNCOMMITTED, "t");
    cursors.close();
    settle();
    assertThat(relay.counters().subscribers()).isZero();
    now = Stage.small().linger().toNanos();
    poll();
    assertThat(relay.counters().feeds()).isZero();
  }

  @Test
  void anOldRecordIsReadFromTheLogOfTheSameIsolation() {
    write(READ_COMMITTED, "t", "committed");
    write(READ_UNCOMMITTED, "t", "open");
    FakeClient uncommitted = subscribe(READ_UNCOMMITTED, "t", new From.Earliest());
    assertThat(uncommitted.records).isEqualTo(1);
    assertThat(log(READ_UNCOMMITTED).requests()).hasSize(1);
    assertThat(log(READ_COMMITTED).requests()).isEmpty();
  }

  @Test
  void theLimitOfFeedsIsForBoth() {
    subscribe(READ_COMMITTED, "t");
    for (int i = 0; i < 9; i++) {
      log(READ_UNCOMMITTED).create("more" + i, 1);
      assertThat(subscribe(READ_UNCOMMITTED, "more" + i).isSubscribed()).isTrue();
    }
    FakeClient tooMany = subscribe(READ_COMMITTED, "u");
    assertThat(tooMany.refusal).isEqualTo(new Refusal.TooManyFeeds(10));
  }

  /** The windows of the other reader are larger, and it reads nothing: it is asked. */
  @Test
  void bothKeepToOneBudgetTogether() {
    subscribe(READ_COMMITTED, "t");
    subscribe(READ_COMMITTED, "u");
    fill(READ_COMMITTED, "t");
    fill(READ_COMMITTED, "u");
    assertThat(relay.counters().heldBytes()).isGreaterThan(LIMIT * 3 / 4);
    subscribe(READ_UNCOMMITTED, "t");
    for (int i = 0; i < 40; i++) {
      write(READ_UNCOMMITTED, "t", "y".repeat(100));
      log(READ_UNCOMMITTED).poll(1000);
      settle();
      assertThat(relay.counters().heldBytes()).isLessThanOrEqualTo(LIMIT);
    }
    assertThat(relay.windows(READ_UNCOMMITTED).bytes()).isGreaterThan(LIMIT / 4);
    assertThat(relay.windows(READ_COMMITTED).bytes()).isGreaterThan(LIMIT / 4);
  }

  private void fill(Isolation isolation, String topic) {
    for (int i = 0; i < 40; i++) {
      write(isolation, topic, "x".repeat(100));
      log(isolation).poll(1000);
    }
    settle();
  }

  private FakeClient subscribe(Isolation isolation, String topic) {
    return subscribe(isolation, topic, new From.Latest());
  }

  private FakeClient subscribe(Isolation isolation, String topic, From from) {
    FakeClient client = new FakeClient(socket, written(isolation));
    cursors.subscribe(
        new SubscribeRequest(
            new Selection(new Topics.Named(List.of(topic)), null, false, isolation),
            Stage.FORM,
            from,
            Overflow.REPLAY),
        client);
    settle();
    return client;
  }

  private void write(Isolation isolation, String topic, String text) {
    FakeLog log = log(isolation);
    Partition partition = new Partition(topic, 0);
    TopicId id = log.now(topic).id();
    String value = Written.value(id, null, partition, log.head(partition), text.length());
    written(isolation).add(id, partition, log.append(partition, value), value);
  }

  private Written written(Isolation isolation) {
    return Objects.requireNonNull(written.get(isolation));
  }

  private FakeLog log(Isolation isolation) {
    FakeLog log = logs.get(isolation);
    if (log == null) {
      throw new IllegalStateException("No log of " + isolation);
    }
    return log;
  }

  private void poll() {
    logs.values().forEach(log -> log.poll(1000));
    settle();
  }

  private void settle() {
    boolean any = true;
    while (any) {
      any = executor.runAll();
      for (FakeLog log : logs.values()) {
        any |= log.reader.runAll() | log.answers.runAll() | log.runRead();
      }
    }
  }
}
