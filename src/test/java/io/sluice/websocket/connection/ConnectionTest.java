package io.sluice.websocket.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.websocket.Recorder;
import io.sluice.websocket.WireBytes;
import io.sluice.websocket.frame.MessageExtension;
import io.sluice.websocket.frame.ProtocolViolation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a conversation does beside reading frames: moves, pongs that wait, buffers that are kept.
 */
final class ConnectionTest {
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
  private final Recorder recorder = new Recorder();
  private final Connection connection = server(recorder);

  private Connection server(ConnectionListener listener) {
    return Connection.server(1 << 23, MessageExtension.NONE, allocator, listener);
  }

  @AfterEach
  void nothingIsHeldAfterTheEnd() {
    connection.streamEnded();
    assertThat(allocator.metric().usedHeapMemory()).isZero();
  }

  private void receive(String bytes) {
    receive(connection, bytes);
  }

  private static void receive(Connection to, String bytes) {
    to.receive(Unpooled.wrappedBuffer(WireBytes.parse(bytes)));
  }

  private static Open open(Connection connection) {
    return (Open) connection.state();
  }

  private ByteBuf payload(String bytes) {
    byte[] parsed = WireBytes.parse(bytes);
    return allocator.buffer(parsed.length).writeBytes(parsed);
  }

  @Test
  void serverFramesAreNotMasked() {
    open(connection).sendText(payload("\"Hello\""));
    open(connection).sendBinary(payload("aa*126"));
    assertThat(recorder.events())
        .containsExactly("out 810548656c6c6f", "out 827e007e" + "aa".repeat(126));
  }

  @Test
  void largePayloadIsSentAsOneFrameWithoutACopy() {
    ByteBuf payload = payload("ab*70000");
    List<ByteBuf> sent = new ArrayList<>();
    Connection sender = server(new Keeper(sent));
    open(sender).sendBinary(payload);
    assertThat(sent).hasSize(1);
    assertThat(sent.getFirst().readableBytes()).isEqualTo(10 + 70_000);
    payload.setByte(0, 0x55);
    assertThat(sent.getFirst().getByte(10)).as("shares the payload").isEqualTo((byte) 0x55);
    sent.getFirst().release();
    assertThat(payload.refCnt()).isZero();
  }

  @Test
  void aMoveOfAStateThatWasLeftIsAMistakeAndReleasesItsPayload() {
    Open left = open(connection);
    left.close(1000, "");
    ByteBuf payload = payload("\"late\"");
    assertThatIllegalStateException()
        .isThrownBy(() -> left.sendText(payload))
        .withMessage("cannot send TEXT: the conversation is no longer open but closing");
    assertThat(payload.refCnt()).isZero();
    assertThatIllegalStateException().isThrownBy(() -> left.close(1000, ""));
  }

  @Test
  void aCodeThatMayNotBeSentIsAMistakeAndChangesNothing() {
    assertThatIllegalArgumentException().isThrownBy(() -> open(connection).close(1006, ""));
    assertThat(connection.state()).isInstanceOf(Open.class);
  }

  @Test
  void aPingOver125BytesIsAMistakeAndReleasesItsPayload() {
    ByteBuf payload = payload("00*126");
    assertThatIllegalArgumentException().isThrownBy(() -> open(connection).ping(payload));
    assertThat(payload.refCnt()).isZero();
  }

  @Test
  void aLongReasonIsCutAtACharacter() {
    open(connection).close(1000, "x".repeat(122) + "äöü");
    String cut = "x".repeat(122);
    assertThat(recorder.events())
        .containsExactly(
            "out 887c03e8" + HexFormat.of().formatHex(cut.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aReasonOfLoneSurrogatesStaysWithinTheFrame() {
    open(connection).close(1000, "\uD83D".repeat(200));
    assertThat(recorder.events().getFirst())
        .startsWith("out 88")
        .hasSizeLessThanOrEqualTo(4 + 2 * 127);
  }

  @Test
  void onlyTheLatestPongWaitsForTheSocket() {
    recorder.writable(false);
    receive("8981 00000000 \"a\" 8981 00000000 \"b\" 8981 00000000 \"c\"");
    assertThat(recorder.events()).containsExactly("ping 61", "ping 62", "ping 63");
    assertThat(allocator.metric().usedHeapMemory()).isLessThanOrEqualTo(125);
    connection.flushPong();
    assertThat(recorder.events()).hasSize(3);
    recorder.writable(true);
    connection.flushPong();
    connection.flushPong();
    assertThat(recorder.events()).endsWith("ping 63", "out 8a0163").hasSize(4);
  }

  @Test
  void aPongThatWaitsIsDroppedForANewerOneThatCanBeSent() {
    recorder.writable(false);
    receive("8981 00000000 \"a\"");
    recorder.writable(true);
    receive("8981 00000000 \"b\"");
    connection.flushPong();
    assertThat(recorder.events()).containsExactly("ping 61", "out 8a0162", "ping 62");
  }

  @Test
  void aPongThatWaitsIsFreedAtTheEnd() {
    recorder.writable(false);
    receive("8981 00000000 \"a\" 8880 00000000");
    connection.flushPong();
    assertThat(recorder.events()).containsExactly("ping 61", "out 8800", "closed 1005");
  }

  @Test
  void failEndsItAtOnceWithAFrameThatSaysWhy() {
    ProtocolViolation tooFast = new ProtocolViolation(4429, "At most 100 pings a second.");
    open(connection).fail(tooFast);
    receive("8181 00000000 \"a\"");
    assertThat(recorder.events()).containsExactly("failed 4429");
    assertThat(recorder.ending()).isEqualTo(new Ending.Failed(tooFast));
    assertThat(connection.state()).isInstanceOf(Ended.class);
  }

  @Test
  void aListenerMayCloseFromWithinAndWhatFollowsIsDropped() {
    Connection[] self = new Connection[1];
    List<String> texts = new ArrayList<>();
    List<ByteBuf> sent = new ArrayList<>();
    self[0] =
        server(
            new Keeper(sent) {
              @Override
              public void onText(ByteBuf utf8) {
                open(self[0]).close(1003, "no text here");
                texts.add(utf8.toString(StandardCharsets.UTF_8)); // still there after the close
              }
            });
    receive(
        self[0], "0181 00000000 \"a\" 8081 00000000 \"b\" 8181 00000000 \"c\" 8882 00000000 03eb");
    assertThat(texts).containsExactly("ab");
    assertThat(((Ended) self[0].state()).ending()).isEqualTo(new Ending.Closed(1003, ""));
    sent.forEach(ByteBuf::release);
  }

  @Test
  void aListenerMayGiveTheSocketUpFromWithin() {
    Connection[] self = new Connection[1];
    List<ByteBuf> kept = new ArrayList<>();
    self[0] =
        server(
            new Keeper(kept) {
              @Override
              public void onText(ByteBuf utf8) {
                self[0].streamEnded();
              }
            });
    receive(self[0], "8181 00000000 \"a\" 8181 00000000 \"b\"");
    assertThat(((Ended) self[0].state()).ending()).isEqualTo(new Ending.Lost());
    assertThat(kept).isEmpty();
  }

  @Test
  void aMessageThatIsRetainedOutlivesTheCallAndItsInput() {
    List<ByteBuf> kept = new ArrayList<>();
    Connection keeping =
        server(
            new Keeper(kept) {
              @Override
              public void onBinary(ByteBuf bytes) {
                kept.add(bytes.retain());
              }
            });
    ByteBuf in = payload("8283 00000000 010203");
    keeping.receive(in);
    in.release();
    assertThat(kept.getFirst()).isEqualTo(Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
    assertThat(kept.getFirst().release()).isTrue();
    assertThat(in.refCnt()).isZero();
  }

  @Test
  void anExceptionOfTheListenerLeavesNoBufferBehind() {
    Connection failing =
        server(
            new Keeper(new ArrayList<>()) {
              @Override
              public void onText(ByteBuf utf8) {
                throw new IllegalStateException("listener");
              }
            });
    assertThatIllegalStateException()
        .isThrownBy(() -> receive(failing, "0181 00000000 \"a\" 8081 00000000 \"b\""));
    assertThat(allocator.metric().usedHeapMemory()).isZero();
  }

  @Test
  void onlyWhatHasBegunIsWaitedFor() {
    assertThat(connection.isInsideMessage()).isFalse();
    receive("01");
    assertThat(connection.isInsideMessage()).isTrue();
    receive("82 00000000 \"ab\"");
    assertThat(connection.isInsideMessage()).isTrue();
    assertThat(connection.bufferedBytes()).isEqualTo(2);
    receive("80 80 00000000");
    assertThat(connection.isInsideMessage()).isFalse();
    assertThat(connection.bufferedBytes()).isZero();
  }

  @Test
  void memoryFollowsWhatWasReceivedAndNotWhatWasAnnounced() {
    receive("82 ff 0000000000700000 00000000 aa*100");
    assertThat(allocator.metric().usedHeapMemory()).isLessThanOrEqualTo(200);
    for (int received = 100; received < 100_000; received += 700) {
      receive("aa*700");
      assertThat(allocator.metric().usedHeapMemory()).isLessThanOrEqualTo(2L * (received + 700));
    }
  }

  @Test
  void fragmentsOf64BytesAreLegalInAnyNumber() {
    receive("02 c0 00000000 11*64");
    byte[] fragment = WireBytes.parse("00 c0 00000000 22*64");
    for (int i = 2; i < 65_536; i++) {
      connection.receive(Unpooled.wrappedBuffer(fragment.clone()));
    }
    assertThat(allocator.metric().usedHeapMemory()).isLessThanOrEqualTo(2L * 65_535 * 64);
    receive("80 c0 00000000 33*64");
    assertThat(recorder.events()).hasSize(1);
    assertThat(recorder.events().getFirst()).hasSize("binary ".length() + 2 * 64 * 65_536);
  }

  /** Keeps what it is to send, and hears nothing. */
  private static class Keeper implements ConnectionListener {
    private final List<ByteBuf> sent;

    Keeper(List<ByteBuf> sent) {
      this.sent = sent;
    }

    @Override
    public void onText(ByteBuf utf8) {}

    @Override
    public void onBinary(ByteBuf bytes) {}

    @Override
    public void onPing(ByteBuf payload) {}

    @Override
    public void onPong(ByteBuf payload) {}

    @Override
    public void send(ByteBuf frame) {
      sent.add(frame);
    }

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public void onEnd(Ending ending) {}
  }
}
