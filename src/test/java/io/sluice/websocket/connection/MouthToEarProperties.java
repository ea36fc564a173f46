package io.sluice.websocket.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.websocket.RandomStream;
import io.sluice.websocket.Recorder;
import io.sluice.websocket.WireBytes;
import io.sluice.websocket.frame.MessageExtension;
import io.sluice.websocket.frame.Role;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * A client and a server engine talk to each other: what one says arrives at the other, however it
 * is cut.
 */
final class MouthToEarProperties {
  private static final int LIMIT = 100_000;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void whatOneSaysArrivesAtTheOther(@ForAll long seed) {
    Random random = new Random(seed);
    Recorder clientEar = new Recorder();
    Recorder serverEar = new Recorder();
    Connection client =
        Connection.client(LIMIT, MessageExtension.NONE, allocator, clientEar, random::nextInt);
    Connection server = Connection.server(LIMIT, MessageExtension.NONE, allocator, serverEar);
    List<String> byClient = say(open(client), random);
    List<String> byServer = say(open(server), random);
    open(client).close(1000, "bye");

    byte[] toServer = sent(clientEar);
    byte[] toClient = sent(serverEar);
    feed(client, toClient, random);
    feed(server, toServer, random);
    feed(client, sent(serverEar), random);

    // The client had sent its close before it heard anything: data is dropped. Its pings are
    // answered.
    byServer.removeIf(event -> !event.startsWith("ping") && !event.startsWith("pong"));
    byClient.stream()
        .filter(event -> event.startsWith("ping"))
        .forEach(ping -> byServer.add("pong" + ping.substring("ping".length())));
    byServer.add("closed 1000");
    byClient.add("closed 1000 bye");
    assertThat(heard(serverEar)).isEqualTo(byClient);
    assertThat(heard(clientEar)).isEqualTo(byServer);
    assertThat(allocator.metric().usedHeapMemory()).isZero();
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void fragmentsOfAServerArriveAtAClient(@ForAll long seed) {
    RandomStream stream = new RandomStream(Role.SERVER, seed).messages(8);
    Recorder ear = new Recorder();
    Connection client =
        Connection.client(LIMIT, MessageExtension.NONE, allocator, ear, () -> 0x01020304);
    feed(client, stream.bytes(), new Random(seed));
    assertThat(heard(ear)).isEqualTo(stream.events());
    assertThat(allocator.metric().usedHeapMemory()).isZero();
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void fragmentsOfAClientArriveAtAServer(@ForAll long seed) {
    RandomStream stream = new RandomStream(Role.CLIENT, seed).messages(8);
    Recorder ear = new Recorder();
    Connection server = Connection.server(LIMIT, MessageExtension.NONE, allocator, ear);
    feed(server, stream.bytes(), new Random(seed));
    assertThat(heard(ear)).isEqualTo(stream.events());
    assertThat(allocator.metric().usedHeapMemory()).isZero();
  }

  private List<String> say(Open open, Random random) {
    List<String> said = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      int length = random.nextInt(random.nextInt(20) > 0 ? 126 : 70_000);
      byte[] bytes = new byte[length];
      for (int b = 0; b < length; b++) {
        bytes[b] = (byte) random.nextInt(128);
      }
      ByteBuf payload = allocator.buffer(length).writeBytes(bytes);
      String name =
          switch (length > 125 ? random.nextInt(2) : random.nextInt(4)) {
            case 0 -> {
              open.sendText(payload);
              yield "text ";
            }
            case 1 -> {
              open.sendBinary(payload);
              yield "binary ";
            }
            case 2 -> {
              open.ping(payload);
              yield "ping ";
            }
            default -> {
              open.pong(payload);
              yield "pong ";
            }
          };
      said.add(name + HexFormat.of().formatHex(bytes));
    }
    return said;
  }

  private static Open open(Connection connection) {
    return (Open) connection.state();
  }

  /** Takes what the engine wanted to send out of its listener. */
  private static byte[] sent(Recorder recorder) {
    StringBuilder hex = new StringBuilder();
    for (String event : recorder.events()) {
      if (event.startsWith("out ")) {
        hex.append(event, 4, event.length());
      }
    }
    recorder.events().removeIf(event -> event.startsWith("out "));
    return WireBytes.parse(hex.toString());
  }

  private static List<String> heard(Recorder recorder) {
    return recorder.events().stream().filter(event -> !event.startsWith("out ")).toList();
  }

  private void feed(Connection connection, byte[] bytes, Random random) {
    for (byte[] piece : RandomStream.cut(bytes, random)) {
      ByteBuf in = allocator.buffer(piece.length).writeBytes(piece);
      connection.receive(in);
      in.release();
    }
  }
}
