package io.sluice.websocket.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.websocket.Recorder;
import io.sluice.websocket.WireBytes;
import io.sluice.websocket.frame.FrameReader;
import io.sluice.websocket.frame.MessageExtension;
import io.sluice.websocket.frame.ProtocolViolation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * An extension changes payload on its way in and out; here one that writes each byte as often as
 * its first byte says.
 */
final class ExtensionTest {
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
  private final Repeating extension = new Repeating();
  private final Recorder recorder = new Recorder();
  private final Connection connection = Connection.server(100, extension, allocator, recorder);

  @AfterEach
  void theExtensionIsReleasedOnceAndNothingIsHeld() {
    connection.streamEnded();
    connection.streamEnded();
    assertThat(extension.released).isEqualTo(1);
    assertThat(allocator.metric().usedHeapMemory()).isZero();
  }

  private void receive(String bytes) {
    connection.receive(Unpooled.wrappedBuffer(WireBytes.parse(bytes)));
  }

  @Test
  void aMarkedMessageIsDecoded() {
    receive("c1 82 00000000 03 61");
    assertThat(recorder.events()).containsExactly("text 616161");
  }

  @Test
  void aMarkedMessageIsDecodedOverItsFragments() {
    receive("41 81 00000000 02 00 81 00000000 61 80 81 00000000 62");
    assertThat(recorder.events()).containsExactly("text 61616262");
  }

  @Test
  void anUnmarkedMessageIsTakenAsItIs() {
    receive("81 82 00000000 03 61");
    assertThat(recorder.events()).containsExactly("text 0361");
  }

  @Test
  void aBitThatTheExtensionDoesNotUseIsRefused() {
    receive("a1");
    assertThat(recorder.events()).containsExactly("failed 1002");
  }

  @Test
  void itsBitOnAControlFrameIsRefused() {
    receive("c9");
    assertThat(recorder.events()).containsExactly("failed 1002");
  }

  @Test
  void itsBitOnAContinuationIsRefused() {
    receive("41 81 00000000 02 c0");
    assertThat(recorder.events()).containsExactly("failed 1002");
  }

  @Test
  void theLimitHoldsForWhatIsDecoded() {
    receive("c2 83 00000000 32 01 02");
    assertThat(recorder.events()).hasSize(1);
    receive("c2 84 00000000 32 01 02 03");
    assertThat(recorder.events()).hasSize(2).endsWith("failed 1009");
  }

  @Test
  void utf8IsCheckedOnWhatIsDecoded() {
    receive("c1 82 00000000 02 c3");
    assertThat(recorder.events()).containsExactly("failed 1007");
  }

  @Test
  void whatIsSentIsEncodedAndMarked() {
    ((Open) connection.state()).sendText(Unpooled.wrappedBuffer(new byte[] {0x61, 0x62}));
    assertThat(recorder.events()).containsExactly("out c103016162");
  }

  @Test
  void whatIsNotWorthEncodingIsSentAsItIs() {
    ((Open) connection.state()).sendBinary(Unpooled.wrappedBuffer(new byte[] {0x61}));
    assertThat(recorder.events()).containsExactly("out 820161");
  }

  private static final class Repeating implements MessageExtension {
    private int times;
    private int released;

    @Override
    public int reservedBits() {
      return FrameReader.RSV1;
    }

    @Override
    public long maxPayloadBytes(int maxMessageBytes) {
      return maxMessageBytes + 1L;
    }

    @Override
    public @Nullable ProtocolViolation decode(
        ByteBuf piece, boolean last, ByteBuf target, int limit) {
      if (times == 0 && piece.isReadable()) {
        times = piece.readByte();
      }
      while (piece.isReadable()) {
        byte b = piece.readByte();
        for (int i = 0; i < times; i++) {
          if (target.readableBytes() == limit) {
            return ProtocolViolation.tooBig(limit);
          }
          target.writeByte(b);
        }
      }
      times = last ? 0 : times;
      return null;
    }

    @Override
    public int encode(ByteBuf message, ByteBuf target) {
      if (message.readableBytes() < 2) {
        return 0;
      }
      target.writeByte(1).writeBytes(message, message.readerIndex(), message.readableBytes());
      return FrameReader.RSV1;
    }

    @Override
    public void release() {
      released++;
    }
  }
}
