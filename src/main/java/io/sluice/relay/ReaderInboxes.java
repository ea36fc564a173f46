package io.sluice.relay;

import io.sluice.log.Isolation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Takes what event loops ask to the reader that it is for. Any thread. */
final class ReaderInboxes {
  private final Map<Isolation, ReaderInbox> byIsolation;

  /**
   * @param byIsolation has one for every isolation that is ever asked for
   */
  ReaderInboxes(Map<Isolation, ReaderInbox> byIsolation) {
    this.byIsolation = new EnumMap<>(byIsolation);
  }

  /** Finds {@code ticket} a place in its feed. */
  void subscribe(Ticket ticket) {
    of(ticket.request().selection()).subscribe(ticket);
  }

  /** Asks for a slice. */
  void ask(SliceRequest request) {
    of(request.feed().selection()).ask(request);
  }

  /** Of each of {@code views} so many subscribers left. */
  void left(List<WindowView> views, int[] counts) {
    if (byIsolation.size() == 1) {
      byIsolation.values().forEach(only -> only.left(views, counts));
      return;
    }
    byIsolation.forEach((isolation, inbox) -> {
      List<WindowView> its = new ArrayList<>();
      int[] itsCounts = new int[views.size()];
      for (int i = 0; i < counts.length; i++) {
        if (views.get(i).feed.selection().isolation() == isolation) {
          itsCounts[its.size()] = counts[i];
          its.add(views.get(i));
        }
      }
      if (!its.isEmpty()) {
        inbox.left(its, Arrays.copyOf(itsCounts, its.size()));
      }
    });
  }

  private ReaderInbox of(Selection selection) {
    ReaderInbox inbox = byIsolation.get(selection.isolation());
    if (inbox == null) {
      throw new IllegalStateException("There is no reader for " + selection.isolation() + ".");
    }
    return inbox;
  }
}
