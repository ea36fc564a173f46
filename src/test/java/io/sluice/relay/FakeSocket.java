package io.sluice.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.Partition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A socket that takes as many writes as the test lets it, and the clients behind it, by
 * subscription.
 */
final class FakeSocket implements Outlet {
  final Map<Long, FakeClient> clients = new HashMap<>();
  final List<Integer> writes = new ArrayList<>();
  @Nullable String stalledBecause;
  @Nullable Throwable failedBecause;

  /** Whether something may fail that serves it. */
  boolean mayFail;

  /** What the next write throws, before anything is taken. */
  @Nullable RuntimeException failWrite;

  private final ByteBufAllocator alloc;
  private int writesLeft = Integer.MAX_VALUE;
  private int held;

  FakeSocket(ByteBufAllocator alloc) {
    this.alloc = alloc;
  }

  /** Takes so many writes more, after which it is no longer clear. */
  void takes(int count) {
    writesLeft = count;
    held = 0;
  }

  @Override
  public boolean isClear() {
    return writesLeft > 0;
  }

  @Override
  public void write(ByteBuf bytes, int index, int length) {
    if (!isClear()) {
      throw new IllegalStateException("Written to a socket that takes nothing.");
    }
    if (failWrite != null) {
      RuntimeException failure = failWrite;
      failWrite = null;
      mayFail = true;
      throw failure;
    }
    writesLeft--;
    held = length;
    writes.add(length);
    ByteBuf frames = bytes.slice(index, length);
    while (frames.isReadable()) {
      read(frames.readCharSequence(frames.readInt(), StandardCharsets.UTF_8).toString());
    }
  }

  @Override
  public ByteBufAllocator alloc() {
    return alloc;
  }

  @Override
  public int heldBytes() {
    return isClear() ? 0 : held;
  }

  @Override
  public void closeStalled(String reason) {
    stalledBecause = reason;
  }

  @Override
  public void closeFailed(Throwable cause) {
    failedBecause = cause;
    if (!mayFail && cause instanceof RuntimeException) {
      throw new AssertionError("Nothing was to fail.", cause);
    }
  }

  private void read(String frame) {
    int open = frame.indexOf('[');
    FakeClient client = clients.get(Long.valueOf(frame.substring(1, open)));
    if (client == null) {
      throw new AssertionError("A frame came before its subscription: " + frame);
    }
    String body = frame.substring(open + 1, frame.length() - 1);
    if (frame.charAt(0) == 'G') {
      String[] part = body.split("/");
      Partition partition = new Partition(part[0], Integer.parseInt(part[1]));
      client.onGap(
          new Gap(
              partition,
              Long.parseLong(part[2]),
              Long.parseLong(part[3]),
              GapReason.valueOf(part[4]),
              Long.parseLong(part[5])));
      return;
    }
    String[] elements = body.split(",");
    client.onMessage(elements.length);
    for (String element : elements) {
      int equals = element.indexOf('=');
      String[] part = element.substring(0, equals).split("/");
      client.onRecord(
          new Partition(part[0], Integer.parseInt(part[1])),
          Long.parseLong(part[2]),
          element.substring(equals + 1));
    }
  }
}
