package io.sluice.relay;

import io.netty.buffer.ByteBuf;
import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.Partition;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A client of a {@link ThreadedStage} that takes some writes and then none until its loop has come
 * round a few times.
 */
abstract class StandingClient extends Drain {
  final ThreadedStage stage;
  final ThreadedStage.Loop loop;
  final SocketCursors cursors;
  private final int longest;
  private boolean clear = true;

  /**
   * @param longest after how many rounds of its loop it goes on at the latest
   */
  StandingClient(ThreadedStage stage, ThreadedStage.Loop loop, String owner, int longest) {
    super(stage.alloc);
    this.stage = stage;
    this.loop = loop;
    this.cursors = loop.relay().open(this, owner);
    this.longest = longest;
  }

  /** A message with so many records is there. */
  void onMessage(int records) {}

  /** A record of {@link EndlessTopics}. */
  abstract void onRecord(Partition partition, long offset, String topicId);

  /** Does {@code task} later, on its loop. */
  final void later(Runnable task) {
    loop.executor().execute(() -> stage.guarded(task));
  }

  @Override
  public final boolean isClear() {
    return clear;
  }

  @Override
  final void onFrames(ByteBuf frames) {
    while (frames.isReadable()) {
      String frame = frames.readCharSequence(frames.readInt(), StandardCharsets.UTF_8).toString();
      String body = frame.substring(frame.indexOf('[') + 1, frame.length() - 1);
      if (frame.charAt(0) == 'G') {
        onGap(gap(body.split("/")));
      } else {
        String[] elements = body.split(",");
        onMessage(elements.length);
        for (String element : elements) {
          read(element);
        }
      }
    }
    if (ThreadLocalRandom.current().nextInt(4) == 0) {
      clear = false;
      int rounds = ThreadLocalRandom.current().nextInt(longest);
      later(() -> stand(rounds));
    }
  }

  private static Gap gap(String[] part) {
    return new Gap(
        new Partition(part[0], Integer.parseInt(part[1])),
        Long.parseLong(part[2]),
        Long.parseLong(part[3]),
        GapReason.valueOf(part[4]));
  }

  private void read(String element) {
    int equals = element.indexOf('=');
    int colon = element.lastIndexOf(':');
    String[] part = element.substring(0, equals).split("/");
    long offset = Long.parseLong(part[2]);
    if (!element.substring(colon + 1).equals(part[2])) {
      throw new AssertionError(element + " is not what was written.");
    }
    onRecord(
        new Partition(part[0], Integer.parseInt(part[1])),
        offset,
        element.substring(equals + 1, colon));
  }

  private void stand(int rounds) {
    if (rounds > 0) {
      later(() -> stand(rounds - 1));
    } else {
      clear = true;
      cursors.onClear();
    }
  }
}
