package io.sluice.bench;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Walks the frames of one socket, however they are cut (RFC 6455 §5.2), and keeps of each payload
 * only its end: a load generator must cost less than what it measures. One thread.
 */
final class FrameWalker {
  /** Everything of each payload. */
  static final int WHOLE = Integer.MAX_VALUE;

  /** What is told of each frame. */
  interface Frames {
    /**
     * A frame has ended.
     *
     * @param firstByte FIN, reserved bits and opcode
     * @param bytes holds the payload's last {@code length} bytes from index 0 on, until this
     *     returns
     * @param length at most what is kept, and as much where the payload has it
     * @param payload the whole payload's length
     */
    void onFrame(int firstByte, byte[] bytes, int length, long payload);
  }

  private static final int LONGEST_HEADER = 10;
  private static final int MASKED = 0x80;

  private final byte[] header = new byte[LONGEST_HEADER];
  private int headerBytes;
  private int headerNeeds = 2;
  private long payload;
  private long left;
  private int keep;
  private byte[] kept = {};
  private int keptBytes;

  FrameWalker(int keep) {
    this.keep = keep;
  }

  /** How much of the end of each payload is kept from the next frame on, in bytes. */
  void keep(int bytes) {
    keep = bytes;
    kept = new byte[0];
  }

  /** Walks over all of {@code in}; {@code scratch} has room for what is kept of most frames. */
  void walk(ByteBuffer in, byte[] scratch, Frames frames) {
    while (in.hasRemaining()) {
      if (headerBytes < headerNeeds && !readHeader(in)) {
        return;
      }
      if (left == payload
          && in.remaining() >= payload
          && Math.min(payload, keep) <= scratch.length) {
        int wanted = (int) Math.min(payload, keep);
        int end = in.position() + (int) payload;
        in.get(end - wanted, scratch, 0, wanted);
        in.position(end);
        endFrame(frames, scratch, wanted);
      } else {
        int part = (int) Math.min(left, in.remaining());
        keepEnd(in, part);
        left -= part;
        if (left == 0) {
          int length = keptBytes;
          keptBytes = 0;
          endFrame(frames, kept, length);
        }
      }
    }
  }

  /** Whether a header was completed; a frame without payload is one already. */
  private boolean readHeader(ByteBuffer in) {
    while (headerBytes < headerNeeds && in.hasRemaining()) {
      header[headerBytes++] = in.get();
      if (headerBytes == 2) {
        if ((header[1] & MASKED) != 0) {
          throw new IllegalStateException("A server's frame is masked (RFC 6455 §5.1).");
        }
        headerNeeds = 2 + (header[1] == 126 ? 2 : header[1] == 127 ? 8 : 0);
      }
    }
    if (headerBytes < headerNeeds) {
      return false;
    }
    payload = headerNeeds == 2 ? header[1] : 0;
    for (int i = 2; i < headerNeeds; i++) {
      payload = payload << 8 | header[i] & 0xFF;
    }
    left = payload;
    return true;
  }

  private void endFrame(Frames frames, byte[] bytes, int length) {
    int firstByte = header[0] & 0xFF;
    headerBytes = 0;
    headerNeeds = 2;
    frames.onFrame(firstByte, bytes, length, payload);
  }

  /**
   * Adds the next {@code part} bytes to what is kept, and drops from its front what is too much.
   */
  private void keepEnd(ByteBuffer in, int part) {
    int wanted = (int) Math.min(payload, keep);
    if (kept.length < wanted) {
      kept = Arrays.copyOf(kept, wanted);
    }
    int added = Math.min(part, wanted);
    int stay = Math.min(keptBytes, wanted - added);
    System.arraycopy(kept, keptBytes - stay, kept, 0, stay);
    in.position(in.position() + part - added);
    in.get(kept, stay, added);
    keptBytes = stay + added;
  }
}
