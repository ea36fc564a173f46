package io.sluice.checker;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A value that tells by itself where it belongs: {@code run:client:seq:topic:crc}, or with filler
 * {@code run:client:seq:topic:filler:crc}. No two of a run are the same, and none is JSON.
 *
 * @param run names the test run
 * @param client who sent it
 * @param seq which one of that client's, ascending
 * @param topic the topic it was sent to
 * @param filler bytes to make it larger, {@code x…}
 * @param intact whether the checksum is that of the rest
 */
public record Payload(
    String run, String client, long seq, String topic, String filler, boolean intact) {
  /** The value of {@code size} characters or a little more, as it is sent. */
  public static String text(String run, String client, long seq, String topic, int size) {
    String head = run + ":" + client + ":" + seq + ":" + topic + ":";
    int missing = size - head.length() - 1 - Integer.BYTES * 2;
    String body = missing > 0 ? head + "x".repeat(missing) + ":" : head;
    return body + crc(body);
  }

  /** The value with nothing to make it larger. */
  public static String text(String run, String client, long seq, String topic) {
    return text(run, client, seq, topic, 0);
  }

  /** Reads a value; empty where it is none of ours. */
  public static Optional<Payload> parse(String value) {
    String[] parts = value.split(":", -1);
    if (parts.length < 5 || parts.length > 6 || !isNumber(parts[2])) {
      return Optional.empty();
    }
    int crcAt = value.lastIndexOf(':') + 1;
    boolean intact = crc(value.substring(0, crcAt)).equals(value.substring(crcAt));
    return Optional.of(
        new Payload(
            parts[0],
            parts[1],
            Long.parseLong(parts[2]),
            parts[3],
            parts.length == 6 ? parts[4] : "",
            intact));
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() <= 18
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static String crc(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(crc.getValue());
  }
}
