package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Something of ours fails while a socket is served: it is closed, and nobody else notices. */
class FailingTurnTest {
  private final Stage stage = new Stage(Stage.small(), 1);

  @BeforeEach
  void createTopic() {
    stage.topic(1);
  }

  @Test
  void aWriteThatFailsClosesItsSocketAndTheOthersHaveTheirTurn() {
    FakeClient first = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    FakeClient second = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    first.socket.failWrite = new IllegalStateException("The test says so.");
    stage.publish(0, 10, 3);
    stage.settle();
    assertThat(first.socket.failedBecause).hasMessage("The test says so.");
    assertThat(first.subscriber().isEnded()).isTrue();
    assertThat(first.records).isZero();
    assertThat(second.records).isEqualTo(3);
    stage.publish(0, 10, 1);
    stage.settle();
    assertThat(second.records).isEqualTo(4);
  }

  @Test
  void aWriteThatFailsInAReplayHoldsOnToNoSlice() {
    Stage uncached = new Stage(Stage.settings(8 * 1024, 4 * 1024, 256, 0), 1);
    uncached.topic(1);
    uncached.write(0, 20, 100);
    FakeSocket socket = uncached.socket();
    socket.failWrite = new IllegalStateException("The test says so.");
    FakeClient client =
        uncached.subscribe(
            uncached.open(socket),
            socket,
            Stage.request("t", new From.Earliest(), Overflow.REPLAY));
    assertThat(socket.failedBecause).hasMessage("The test says so.");
    assertThat(client.subscriber().isEnded()).isTrue();
    assertThat(uncached.leaked()).isZero();
  }

  /** A message that is put together needs memory of its own, after its place was found. */
  @Test
  void whereThereIsNoMemoryForAMessageItsSocketIsClosedAndNoRecordIsLeftOutInSilence() {
    Exhausted alloc = new Exhausted();
    FakeSocket socket = new FakeSocket(alloc);
    FakeClient poor =
        stage.subscribe(
            stage.open(socket),
            socket,
            Stage.request("t", new From.Latest(), Overflow.REPLAY, Stage.credit(2)));
    FakeClient other = stage.subscribe(new From.Latest(), Overflow.REPLAY);
    stage.write(0, 10, 3); // one stretch, of which two records are granted
    alloc.left = 1;
    assertThatThrownBy(stage::poll).isInstanceOf(OutOfMemoryError.class);
    alloc.left = Integer.MAX_VALUE;
    stage.settle();

    assertThat(socket.failedBecause).isInstanceOf(OutOfMemoryError.class);
    assertThat(poor.subscriber().isEnded()).isTrue();
    assertThat(other.records).as("without any news for its loop").isEqualTo(3);
    other.subscriber().close();
    stage.settle();
    FakeClient again = stage.subscribe(Stage.at(0), Overflow.REPLAY);
    assertThat(again.records).isEqualTo(3);
  }

  @Test
  void whoCannotBeToldOfItsStartIsClosed() {
    FakeSocket socket = stage.socket();
    socket.mayFail = true;
    FakeClient client = new FakeClient(socket, stage.written);
    client.onStart =
        start -> {
          throw new IllegalStateException("The test says so.");
        };
    stage.open(socket).subscribe(Stage.request("t", new From.Latest(), Overflow.REPLAY), client);
    stage.settle();
    assertThat(socket.failedBecause).hasMessage("The test says so.");
    stage.publish(0, 10, 1);
    stage.settle();
    assertThat(client.records).isZero();
    assertThat(stage.relay.counters().subscribers()).isZero();
  }

  /** Gives so many buffers more. */
  private static final class Exhausted extends AbstractByteBufAllocator {
    int left = Integer.MAX_VALUE;

    Exhausted() {
      super(false);
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      if (left-- <= 0) {
        throw new OutOfMemoryError("The test says so.");
      }
      return new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      return new UnpooledDirectByteBuf(this, initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
      return false;
    }
  }
}
