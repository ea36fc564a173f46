package io.sluice.relay;

import io.sluice.log.LiveLog;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What event loops, and other readers, ask of the reader's thread: the crossing from them to it.
 * Any thread; everything is carried out on the reader's.
 */
final class ReaderInbox {
  private final LiveLog log;
  private final Admissions admissions;
  private final Feeds feeds;
  private final Replays replays;
  private final LiveIntake intake;
  private final AtomicBoolean makingRoom = new AtomicBoolean();

  ReaderInbox(LiveLog log, Admissions admissions, Feeds feeds, Replays replays, LiveIntake intake) {
    this.log = log;
    this.admissions = admissions;
    this.feeds = feeds;
    this.replays = replays;
    this.intake = intake;
  }

  /** Finds {@code ticket} a place in its feed. */
  void subscribe(Ticket ticket) {
    log.execute(() -> admissions.admit(ticket));
  }

  /** Asks for a slice. */
  void ask(SliceRequest request) {
    log.execute(() -> replays.ask(request));
  }

  /** Of each of {@code views} so many subscribers left. */
  void left(List<WindowView> views, int[] counts) {
    log.execute(() -> {
      for (int i = 0; i < counts.length; i++) {
        feeds.left(views.get(i), counts[i]);
      }
    });
  }

  /** Memory is short, and another reader has let go of what it may. */
  void makeRoom() {
    if (makingRoom.compareAndSet(false, true)) {
      log.execute(() -> {
        makingRoom.set(false);
        intake.makeRoom();
      });
    }
  }
}
