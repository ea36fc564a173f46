package io.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameWalkerTest {
  /** Small, so that larger payloads take the way of those that are cut. */
  private final byte[] scratch = new byte[1024];

  private final List<String> told = new ArrayList<>();
  private final FrameWalker.Frames frames =
      (first, bytes, length, payload) ->
          told.add(
              Integer.toHexString(first)
                  + " "
                  + payload
                  + " "
                  + new String(bytes, 0, length, StandardCharsets.US_ASCII));

  private static byte[] stream(int... payloads) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    for (int length : payloads) {
      stream.writeBytes(Envelope.textFrame(payload(length)));
    }
    return stream.toByteArray();
  }

  private static byte[] payload(int length) {
    byte[] payload = new byte[length];
    for (int i = 0; i < length; i++) {
      payload[i] = (byte) ('a' + (i + length) % 26);
    }
    return payload;
  }

  private static List<String> expected(int keep, int... payloads) {
    List<String> all = new ArrayList<>();
    for (int length : payloads) {
      String text = new String(payload(length), StandardCharsets.US_ASCII);
      all.add("81 " + length + " " + text.substring(Math.max(0, length - keep)));
    }
    return all;
  }

  /** One of each way to write a length (RFC 6455 §5.2), and their borders. */
  private static final int[] LENGTHS = {0, 1, 40, 125, 126, 300, 5_000, 65_535, 65_536, 2};

  @Test
  void endsAreKeptWhereverTheStreamIsCut() {
    byte[] stream = stream(LENGTHS);
    for (int piece : new int[] {1, 2, 3, 7, 64, 100, 257, 4_096, stream.length}) {
      told.clear();
      walk(new FrameWalker(40), stream, piece);
      assertThat(told).as("pieces of " + piece).isEqualTo(expected(40, LENGTHS));
    }
  }

  @Test
  void wholePayloadsAreKeptWhereverTheStreamIsCut() {
    byte[] stream = stream(LENGTHS);
    for (int piece : new int[] {1, 5, 1_000, stream.length}) {
      told.clear();
      walk(new FrameWalker(FrameWalker.WHOLE), stream, piece);
      assertThat(told).as("pieces of " + piece).isEqualTo(expected(FrameWalker.WHOLE, LENGTHS));
    }
  }

  @Test
  void everyCutOfTwoFramesIsTheSame() {
    byte[] stream = stream(130, 90);
    for (int cut = 0; cut <= stream.length; cut++) {
      told.clear();
      FrameWalker walker = new FrameWalker(50);
      walker.walk(ByteBuffer.wrap(stream, 0, cut), scratch, frames);
      walker.walk(ByteBuffer.wrap(stream, cut, stream.length - cut), scratch, frames);
      assertThat(told).as("cut at " + cut).isEqualTo(expected(50, 130, 90));
    }
  }

  @Test
  void aMaskedFrameIsNoServers() {
    byte[] masked = new byte[10];
    ClientFrames.message(0x81, new byte[4]).get(masked);
    assertThatThrownBy(() -> new FrameWalker(9).walk(ByteBuffer.wrap(masked), scratch, frames))
        .hasMessageContaining("masked");
  }

  private void walk(FrameWalker walker, byte[] stream, int piece) {
    for (int from = 0; from < stream.length; from += piece) {
      walker.walk(
          ByteBuffer.wrap(stream, from, Math.min(piece, stream.length - from)), scratch, frames);
    }
  }
}
