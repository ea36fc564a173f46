package io.sluice.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.websocket.connection.Connection;
import io.sluice.websocket.connection.Open;
import io.sluice.websocket.frame.MessageExtension;
import io.sluice.websocket.frame.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs wire cases: each is fed whole, byte by byte, and cut at every place, and must tell the same
 * each time.
 */
final class WireRun {
  /**
   * Inputs up to here are cut at every place; longer ones around their ends and at steps between.
   */
  private static final int ALL_CUTS = 600;

  private static final int STEP = 4099;
  private static final byte[] AFTERWARDS = WireBytes.parse("8180000000008900ffff");

  private WireRun() {}

  static Stream<DynamicNode> topic(String topic) {
    return WireCase.ofTopic(topic).stream()
        .map(wire ->
            DynamicContainer.dynamicContainer(
                wire.rule(),
                wire.source(),
                Stream.of(
                    DynamicTest.dynamicTest("whole", () -> run(wire, List.of(wire.in()))),
                    DynamicTest.dynamicTest("byte by byte", () -> run(wire, bytes(wire.in()))),
                    DynamicTest.dynamicTest("cut at every place", () -> cut(wire)))));
  }

  private static void cut(WireCase wire) {
    int length = wire.in().length;
    IntStream.rangeClosed(0, length)
        .filter(i -> length <= ALL_CUTS || i < 20 || i > length - 20 || i % STEP == 0)
        .forEach(i -> run(wire, List.of(part(wire.in(), 0, i), part(wire.in(), i, length))));
  }

  private static List<byte[]> bytes(byte[] all) {
    return IntStream.range(0, all.length).mapToObj(i -> part(all, i, i + 1)).toList();
  }

  private static byte[] part(byte[] all, int from, int to) {
    return Arrays.copyOfRange(all, from, to);
  }

  private static void run(WireCase wire, List<byte[]> pieces) {
    UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    Recorder recorder = new Recorder();
    Connection connection =
        wire.role() == Role.SERVER
            ? Connection.server(wire.limit(), MessageExtension.NONE, allocator, recorder)
            : Connection.client(wire.limit(), MessageExtension.NONE, allocator, recorder, () -> 0);
    String closeFirst = wire.closeFirst();
    if (closeFirst != null && connection.state() instanceof Open open) {
      open.close(Integer.parseInt(closeFirst), "");
    }
    boolean fails = wire.events().stream().anyMatch(event -> event.startsWith("failed"));
    List<ByteBuf> inputs = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      if (fails && i == pieces.size() - 1 && pieces.getLast().length == 1) {
        assertThat(recorder.ending()).as("fails only at the last byte of its input").isNull();
      }
      feed(connection, pieces.get(i), inputs);
    }
    if (recorder.ending() != null) {
      feed(connection, AFTERWARDS, inputs);
    }
    if (wire.streamEnds()) {
      connection.streamEnded();
    }
    assertThat(recorder.events()).as(wire.rule()).isEqualTo(wire.events());
    if (recorder.ending() == null) {
      connection.streamEnded();
    }
    assertThat(inputs).allMatch(in -> in.refCnt() == 1 && !in.isReadable());
    inputs.forEach(ByteBuf::release);
    assertThat(allocator.metric().usedHeapMemory()).as("bytes still held").isZero();
    assertThat(allocator.metric().usedDirectMemory()).as("bytes still held").isZero();
  }

  private static void feed(Connection connection, byte[] bytes, List<ByteBuf> inputs) {
    ByteBuf in = Unpooled.copiedBuffer(bytes);
    connection.receive(in);
    // Unpooled.EMPTY_BUFFER has no count of its own.
    if (bytes.length > 0) {
      inputs.add(in);
    }
  }
}
