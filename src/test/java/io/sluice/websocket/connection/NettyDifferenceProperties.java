package io.sluice.websocket.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.websocket.RandomStream;
import io.sluice.websocket.Recorder;
import io.sluice.websocket.WireBytes;
import io.sluice.websocket.frame.MessageExtension;
import io.sluice.websocket.frame.Role;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * The same bytes, whole, byte by byte and cut at random, become the same events, and those that
 * Netty's own decoder finds (RELIABILITY F10).
 *
 * <p>Each stream is followed by zeros, more than a frame may hold: so both sides come to a verdict
 * about a frame that was left open, ours at the first wrong byte, Netty's at its end.
 */
final class NettyDifferenceProperties {
  private static final int LIMIT = 4096;
  private static final int PADDING = LIMIT + 16;

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void legalStreamsAreTheSame(@ForAll long seed) {
    RandomStream stream = new RandomStream(Role.CLIENT, seed).messages(6);
    List<String> found = compare(stream.bytes(), new Random(seed));
    assertThat(found.subList(0, found.size() - 1)).isEqualTo(stream.events());
  }

  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void brokenStreamsBreakInTheSameWay(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] stream = new RandomStream(Role.CLIENT, seed).messages(4).bytes();
    compare(broken(stream, random), random);
  }

  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void noiseIsTheSame(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] noise = new byte[random.nextInt(64)];
    random.nextBytes(noise);
    if (noise.length > 1) {
      noise[0] &= (byte) 0x8F; // else three of four streams end at a reserved bit
      noise[1] |= (byte) 0x80;
    }
    compare(noise, random);
  }

  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void closeFramesAreTheSame(@ForAll long seed) {
    Random random = new Random(seed);
    int length = random.nextInt(12);
    ByteBuf frame = Unpooled.buffer().writeByte(0x88).writeByte(0x80 | length).writeInt(0);
    byte[] payload = new byte[length];
    random.nextBytes(payload);
    if (length >= 2 && random.nextBoolean()) {
      payload[0] = 3;
      payload[1] = (byte) (0xE8 + random.nextInt(20));
      Arrays.fill(payload, 2, length, (byte) 'x');
    }
    frame.writeBytes(payload);
    compare(Arrays.copyOf(frame.array(), frame.readableBytes()), random);
  }

  /** What {@link #assertSame} lets pass is really so; when Netty changes, this says it. */
  @Example
  void theKnownDifferencesAreStillThere() {
    byte[] bothBad = WireBytes.parse("88 83 00000000 1388 ff");
    byte[] cutReason = WireBytes.parse("88 83 00000000 03e8 c3");
    byte[] code5000 = WireBytes.parse("88 82 00000000 1388");
    assertThat(ours(List.of(bothBad))).containsExactly("failed 1002");
    assertThat(new NettyOracle(LIMIT).read(List.of(bothBad))).containsExactly("failed 1007");
    assertThat(ours(List.of(cutReason))).containsExactly("failed 1007");
    assertThat(new NettyOracle(LIMIT).read(List.of(cutReason)))
        .containsExactly("closed 1000 \uFFFD");
    assertThat(ours(List.of(code5000))).containsExactly("failed 1002");
    assertThat(new NettyOracle(LIMIT).read(List.of(code5000))).containsExactly("closed 5000");
  }

  private static List<String> compare(byte[] stream, Random random) {
    byte[] all = Arrays.copyOf(stream, stream.length + PADDING);
    List<byte[]> bytes =
        IntStream.range(0, all.length).mapToObj(i -> Arrays.copyOfRange(all, i, i + 1)).toList();
    List<byte[]> cut = RandomStream.cut(all, random);
    List<String> whole = ours(List.of(all));
    assertThat(ours(bytes)).as("byte by byte").isEqualTo(whole);
    assertThat(ours(cut)).as("cut at random").isEqualTo(whole);
    assertSame(whole, new NettyOracle(LIMIT).read(cut));
    return whole;
  }

  /** Where Netty is known to differ; anything else is a failure. */
  private static void assertSame(List<String> ours, List<String> netty) {
    String last = netty.getLast();
    if (!ours.equals(netty)
        && ours.size() == netty.size()
        && ours.subList(0, ours.size() - 1).equals(netty.subList(0, netty.size() - 1))) {
      // Netty takes close codes from 5000 on; §7.4.2 leaves no range there.
      if (ours.getLast().equals("failed 1002")
          && last.matches("(?s)closed ([5-9]\\d{3}|\\d{5})( .*)?")) {
        return;
      }
      // So behind such a code Netty goes on to judge the reason.
      if (ours.getLast().equals("failed 1002") && last.equals("failed 1007")) {
        return;
      }
      // Netty does not see that a close reason ends inside a character (§5.5.1, §8.1).
      if (ours.getLast().equals("failed 1007") && last.matches("(?s)closed \\d+ .*\uFFFD")) {
        return;
      }
    }
    assertThat(ours).as("as Netty has it").isEqualTo(netty);
  }

  private static List<String> ours(List<byte[]> pieces) {
    UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    Recorder recorder = new Recorder();
    Connection connection = Connection.server(LIMIT, MessageExtension.NONE, allocator, recorder);
    for (byte[] piece : pieces) {
      ByteBuf in = allocator.buffer(piece.length).writeBytes(piece);
      connection.receive(in);
      in.release();
    }
    connection.streamEnded();
    assertThat(allocator.metric().usedHeapMemory()).as("bytes still held").isZero();
    List<String> events = new ArrayList<>(recorder.events());
    events.removeIf(event -> event.startsWith("out "));
    return events;
  }

  /** Flips, drops, repeats or inserts a few bytes. */
  private static byte[] broken(byte[] stream, Random random) {
    byte[] bytes = stream;
    for (int i = 1 + random.nextInt(3); i > 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(bytes, 0, at);
      switch (random.nextInt(4)) {
        case 0 -> out.write(bytes[at++] ^ (1 << random.nextInt(8)));
        case 1 -> at++;
        case 2 -> out.write(bytes[at]);
        default -> out.write(random.nextInt(256));
      }
      out.write(bytes, at, bytes.length - at);
      bytes = out.toByteArray();
    }
    return bytes;
  }
}
