package io.sluice.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One of a {@link Swarm}. Of records it reads partition, offset and timestamp only, where they
 * stand; the log must have no holes. Written on the swarm's thread, read by any.
 */
public final class SwarmMember extends SwarmSocket {
  private static final byte[] RECORDS = ascii("{\"type\":\"records\"");
  private static final byte[] PARTITION = ascii(",\"partition\":");
  private static final byte[] OFFSET = ascii(",\"offset\":");
  private static final byte[] TIMESTAMP = ascii(",\"timestamp\":");

  private final Supplier<Latencies> latencies;
  private final Map<Integer, Long> expected = new HashMap<>();
  private volatile boolean subscribed;
  private volatile long received;
  private volatile long nextOffsets;
  private volatile int lives;
  private volatile int gapFrames;

  SwarmMember(String subscribe, Supplier<Latencies> latencies) {
    super(subscribe.isEmpty() ? List.of() : List.of(subscribe));
    this.latencies = latencies;
  }

  @Override
  public boolean isSubscribed() {
    return subscribed;
  }

  /** How many records came. */
  public long received() {
    return received;
  }

  /**
   * The sum over partitions of the next offset that is due: equal for all who have read the same.
   */
  public long nextOffsets() {
    return nextOffsets;
  }

  /** How often it was told to be at the head. */
  public int lives() {
    return lives;
  }

  /** How many {@code gap} messages came. */
  public int gapFrames() {
    return gapFrames;
  }

  @Override
  void onMessage(ByteBuf message) {
    if (startsWith(message, RECORDS)) {
      onRecords(message);
    } else {
      onOther(Json.read(message.toString(StandardCharsets.UTF_8)));
    }
  }

  private void onRecords(ByteBuf message) {
    long now = System.currentTimeMillis();
    int at = RECORDS.length;
    long count = received;
    while ((at = indexBehind(message, PARTITION, at)) > 0) {
      int partition = (int) number(message, at);
      int offsetAt = indexBehind(message, OFFSET, at);
      long offset = number(message, offsetAt);
      at = indexBehind(message, TIMESTAMP, offsetAt);
      latencies.get().add(now - number(message, at));
      long due = expected.getOrDefault(partition, offset);
      if (offset != due) {
        fault("got " + partition + "@" + offset + " where " + due + " was due");
      }
      expected.put(partition, offset + 1);
      count++;
    }
    received = count;
    nextOffsets = expected.values().stream().mapToLong(Long::longValue).sum();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: the swarm's thread
  private void onOther(JsonNode message) {
    switch (message.path("type").asText()) {
      case "welcome", "status" -> {}
      case "subscribed" -> {
        Json.positions(message.path("positions"))
            .forEach((partition, next) -> expected.put(partition.number(), next));
        subscribed = true;
      }
      case "live" -> lives++;
      case "gap" -> {
        gapFrames++;
        expected.put(message.path("partition").asInt(), message.path("to").asLong());
      }
      default -> fault(message.toString());
    }
  }

  private static boolean startsWith(ByteBuf message, byte[] text) {
    return message.readableBytes() >= text.length && matches(message, message.readerIndex(), text);
  }

  private static boolean matches(ByteBuf message, int at, byte[] text) {
    for (int i = 0; i < text.length; i++) {
      if (message.getByte(at + i) != text[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The place behind the next {@code text}, counted from the message's start; -1 where there is
   * none.
   */
  private static int indexBehind(ByteBuf message, byte[] text, int from) {
    int base = message.readerIndex();
    int last = base + message.readableBytes() - text.length;
    int at = base + from;
    while (at <= last) {
      at = message.indexOf(at, last + 1, text[0]);
      if (at < 0) {
        return -1;
      }
      if (matches(message, at, text)) {
        return at - base + text.length;
      }
      at++;
    }
    return -1;
  }

  private static long number(ByteBuf message, int at) {
    int i = message.readerIndex() + at;
    long number = 0;
    for (byte digit = message.getByte(i);
        digit >= '0' && digit <= '9';
        digit = message.getByte(++i)) {
      number = number * 10 + (digit - '0');
    }
    return number;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return "member with " + received + " records, " + super.toString();
  }
}
