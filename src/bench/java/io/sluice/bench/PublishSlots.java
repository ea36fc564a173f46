package io.sluice.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * The publishes that one client has unanswered: a slot for each, whose number is the id of its
 * command. One thread.
 */
final class PublishSlots {
  /** What came answers none of them with success. */
  static final long NO_ANSWER = Long.MIN_VALUE;

  private static final byte[] ID = "\"id\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ERROR = "\"error\"".getBytes(StandardCharsets.US_ASCII);

  private final ByteBuffer[] frames;
  private final long[] sentAt;
  private final ByteBuffer out;
  private boolean stopped;

  PublishSlots(LoadPlan plan) {
    frames = new ByteBuffer[plan.publication().inFlight()];
    sentAt = new long[plan.publication().inFlight()];
    int bytes = 0;
    for (int i = 0; i < frames.length; i++) {
      String command = plan.publication().command().replace("%s", Integer.toString(i));
      frames[i] = plan.subprotocol().command(command);
      bytes += frames[i].remaining();
    }
    out = ByteBuffer.allocateDirect(bytes);
  }

  /** Fills all slots. */
  void begin() {
    for (int i = 0; i < frames.length; i++) {
      publish(i);
    }
  }

  /** From now on a slot that is answered stays empty. */
  void stop() {
    stopped = true;
  }

  /** Frees a slot and fills it again; returns when its publish was sent, or {@link #NO_ANSWER}. */
  long onAnswer(byte[] bytes, int length) {
    int id = indexBehind(bytes, length, ID);
    if (id < 0 || indexBehind(bytes, length, ERROR) >= 0) {
      return NO_ANSWER;
    }
    int slot = 0;
    for (int i = id; i < length && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
      slot = slot * 10 + bytes[i] - '0';
    }
    if (slot >= frames.length) {
      return NO_ANSWER;
    }
    long sent = sentAt[slot];
    if (!stopped) {
      publish(slot);
    }
    return sent;
  }

  private void publish(int slot) {
    sentAt[slot] = System.nanoTime();
    out.put(frames[slot].duplicate());
  }

  /** Hands to the socket what was published since the last time. */
  void flush(SocketChannel channel) throws IOException {
    out.flip();
    while (out.hasRemaining()) {
      if (channel.write(out) == 0) {
        throw new IOException("the gateway does not read");
      }
    }
    out.clear();
  }

  private static int indexBehind(byte[] bytes, int length, byte[] text) {
    for (int i = 0; i <= length - text.length; i++) {
      int same = 0;
      while (same < text.length && bytes[i + same] == text[same]) {
        same++;
      }
      if (same == text.length) {
        return i + same;
      }
    }
    return -1;
  }
}
