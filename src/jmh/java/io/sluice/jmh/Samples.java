package io.sluice.jmh;

import io.sluice.log.Header;
import io.sluice.log.LogRecord;
import io.sluice.log.Partition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Payloads to measure with, each as long as asked for, the same in every run. */
public final class Samples {
  private static final String WORDS = "Straße 12, Köln; мир — 世界 🚢, 1 250 km. ";
  private static final Partition PARTITION = new Partition("orders", 3);
  private static final long FIRST_OFFSET = 1_234_567_890L;

  private Samples() {}

  /** ASCII. */
  public static byte[] ascii(int bytes) {
    return "The quick brown fox jumps over the lazy dog. "
        .repeat(bytes / 45 + 1)
        .substring(0, bytes)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Text in UTF-8 of which a third is characters of two, three and four bytes. */
  public static byte[] mixed(int bytes) {
    byte[] words = WORDS.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(bytes);
    while (out.remaining() >= words.length) {
      out.put(words);
    }
    return out.put(ascii(out.remaining())).array();
  }

  /** An array in JSON of small objects, as events are, filled up with a string. */
  public static byte[] objects(int bytes) {
    StringBuilder out = new StringBuilder("[");
    for (int i = 0; ; i++) {
      String object =
          "{\"id\":%d,\"sum\":%d.75,\"to\":\"Ann %d\",\"ok\":true},"
              .formatted(1000 + i, 10 + i % 7, i % 10);
      if (out.length() + object.length() + 3 > bytes) {
        break;
      }
      out.append(object);
    }
    String rest = "x".repeat(bytes - out.length() - 3);
    return out.append('"').append(rest).append("\"]").toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A string in JSON that holds {@link #mixed} text. */
  public static byte[] string(int bytes) {
    return ByteBuffer.allocate(bytes).put((byte) '"').put(mixed(bytes - 2)).put((byte) '"').array();
  }

  /**
   * The {@code number}-th record of a topic, with key, header and {@link #objects} as its value.
   */
  public static LogRecord record(int number, int valueBytes) {
    return new LogRecord(
        PARTITION,
        FIRST_OFFSET + number,
        1_790_000_000_000L + number,
        ascii("customer-" + (100_000 + number)),
        List.of(new Header("trace", ascii("4bf92f3577b34da6"))),
        ByteBuffer.wrap(objects(valueBytes)));
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Says that two sides of a benchmark do not do the same. */
  public static void require(boolean same, String what) {
    if (!same) {
      throw new IllegalStateException("The sides do not agree: " + what);
    }
  }
}
