package io.sluice.relay;

import static io.sluice.jmh.Samples.require;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.sluice.jmh.Samples;
import io.sluice.log.Isolation;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.TopicId;
import io.sluice.testing.FakeLog;
import io.sluice.testing.ManualExecutor;
import io.sluice.testing.ManualTimer;
import io.sluice.transport.FrameEncoders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One op is one turn of a cursor: hands to its socket, which drops it, all that it is owed, in one
 * write (ns/op). Before it the cursor is put back to where it stood, at the cost of an object of 16
 * B. Beside it the bare slice of the same bytes, taken and released: less cannot be done.
 */
@State(Scope.Thread)
public class DrainBenchmark {
  private static final Partition PARTITION = new Partition("t", 0);
  private static final int VALUE_BYTES = 200;

  /** How many messages of one record of 200 B each it is owed. */
  @Param({"1", "16", "128"})
  public int messages;

  private final Socket socket = new Socket();
  private @Nullable Subscriber subscriber;
  private @Nullable Segment segment;
  private int index;
  private int length;

  @Setup
  public void agree() {
    FakeLog log = new FakeLog(1);
    ManualExecutor executor = new ManualExecutor();
    Relay relay =
        new Relay(RelaySettings.defaults(), log.readable(), new FrameEncoders(), System::nanoTime);
    log.start(relay.liveListener(Isolation.READ_COMMITTED));
    log.create(PARTITION.topic(), 1);
    relay
        .loop(executor, new ManualTimer(executor, System::nanoTime)::after)
        .open(socket, "somebody")
        .subscribe(
            new SubscribeRequest(
                Selection.of(PARTITION.topic()),
                new FeedForm(WireFormat.JSON, ValueForm.AUTO),
                new From.Latest(),
                Overflow.REPLAY),
            socket);
    settle(log, executor);
    subscriber = socket.subscriber;
    String value = new String(Samples.objects(VALUE_BYTES), StandardCharsets.US_ASCII);
    WindowView view = subscriber().view;
    int appended = 0;
    while (appended < 1_000
        || view.runEnd(view.next() - messages, 1 << 20, 1 << 20) < view.next()) {
      log.append(PARTITION, value); // until the last lie in one segment
      log.poll(1);
      settle(log, executor);
      appended++;
    }
    Stretch first = view.stretch(view.next() - messages);
    segment = first.segment();
    index = first.index();
    for (long at = view.next() - messages; at < view.next(); at++) {
      length += view.stretch(at).length();
    }
    require(sluice() == length && slice() == length, "the bytes of one write");
    require(subscriber().sequence() == view.next(), "that this was all");
  }

  private static void settle(FakeLog log, ManualExecutor executor) {
    boolean any = true;
    while (any) {
      any = log.reader.runAll();
      any |= log.answers.runAll();
      any |= executor.runAll();
    }
  }

  private Subscriber subscriber() {
    if (subscriber == null) {
      throw new IllegalStateException("there is no subscriber");
    }
    return subscriber;
  }

  @Benchmark
  public int sluice() {
    Subscriber cursor = subscriber();
    cursor.become(new CursorState.Live(cursor.view.next() - messages));
    cursor.takeTurn();
    return socket.length;
  }

  @Benchmark
  public int slice() {
    ByteBuf bytes =
        segment == null ? Unpooled.EMPTY_BUFFER : segment.bytes().retainedSlice(index, length);
    int readable = bytes.readableBytes();
    bytes.release();
    return readable;
  }

  /** Takes everything and remembers how much. */
  private static final class Socket extends Drain {
    @Nullable Subscriber subscriber;
    int length;

    Socket() {
      super(ByteBufAllocator.DEFAULT);
    }

    @Override
    void onFrames(ByteBuf frames) {
      length = frames.readableBytes();
    }

    @Override
    public void onSubscribed(Subscriber self, Positions positions, Map<String, TopicId> topicIds) {
      subscriber = self;
    }
  }
}
