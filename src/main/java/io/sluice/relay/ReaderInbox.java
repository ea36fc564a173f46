package io.sluice.relay;

import io.sluice.log.LiveLog;
import java.util.List;

/**
 * What event loops ask of the reader's thread: the crossing from them to it. Any thread; everything
 * is carried out on the reader's.
 */
final class ReaderInbox {
  private final LiveLog log;
  private final Admissions admissions;
  private final Feeds feeds;
  private final Replays replays;

  ReaderInbox(LiveLog log, Admissions admissions, Feeds feeds, Replays replays) {
    this.log = log;
    this.admissions = admissions;
    this.feeds = feeds;
    this.replays = replays;
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
}
