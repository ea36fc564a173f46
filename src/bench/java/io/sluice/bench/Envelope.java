package io.sluice.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What baselines send: the very bytes of {@code sluice.v1} around stamped values (docs/protocol.md,
 * sections 1 and 3), made without any code of the gateway's.
 */
final class Envelope {
  private static final int TEXT_WHOLE = 0x81;
  private static final int SHORT = 125;
  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;

  private Envelope() {}

  /** The text of a {@code records} message with one record, up to its value. */
  static byte[] beforeValue(String topic, int partition, long offset, long timestamp) {
    return ascii(OPENING + record(topic, partition, offset, timestamp));
  }

  private static final String OPENING = "{\"type\":\"records\",\"subscription\":1,\"records\":[";

  /** What follows the last value of a {@code records} message. */
  static final byte[] BEHIND_VALUE = ascii("}]}");

  /**
   * One whole frame with a {@code records} message of {@code values}, which begin at {@code
   * offset}.
   */
  static byte[] frame(String topic, long offset, long timestamp, List<byte[]> values) {
    StringBuilder text = new StringBuilder(OPENING);
    for (int i = 0; i < values.size(); i++) {
      text.append(i == 0 ? "" : ",")
          .append(record(topic, 0, offset + i, timestamp))
          .append(new String(values.get(i), StandardCharsets.US_ASCII))
          .append('}');
    }
    return textFrame(ascii(text.append("]}").toString()));
  }

  private static String record(String topic, int partition, long offset, long timestamp) {
    return "{\"topic\":\""
        + topic
        + "\",\"partition\":"
        + partition
        + ",\"offset\":"
        + offset
        + ",\"timestamp\":"
        + timestamp
        + ",\"key\":null,\"headers\":{},\"value\":";
  }

  /** The answer to a subscription. */
  static String subscribed(String channel) {
    return "{\"type\":\"subscribed\",\"id\":0,\"subscription\":1,\"channel\":\""
        + channel
        + "\",\"positions\":{\""
        + channel
        + "\":{\"0\":0}}}";
  }

  /** {@code payload} as one unmasked text frame (RFC 6455 §5.2). */
  static byte[] textFrame(byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(10 + payload.length).put((byte) TEXT_WHOLE);
    if (payload.length <= SHORT) {
      frame.put((byte) payload.length);
    } else if (payload.length <= 0xFFFF) {
      frame.put((byte) TWO_BYTES).putShort((short) payload.length);
    } else {
      frame.put((byte) EIGHT_BYTES).putLong(payload.length);
    }
    frame.put(payload).flip();
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return bytes;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
