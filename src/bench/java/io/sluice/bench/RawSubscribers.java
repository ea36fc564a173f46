package io.sluice.bench;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Counts who has subscribed, and tells when a backlog has all its readers. Any thread. */
final class RawSubscribers {
  private final Map<String, Integer> wanted;
  private final Map<String, AtomicInteger> there = new ConcurrentHashMap<>();
  private volatile Consumer<String> allThere = _ -> {};

  RawSubscribers(Map<String, Integer> wanted) {
    this.wanted = wanted;
  }

  void onAll(Consumer<String> listener) {
    allThere = listener;
  }

  void onSubscribed(String channel) {
    int count = there.computeIfAbsent(channel, _ -> new AtomicInteger()).incrementAndGet();
    if (count == wanted.getOrDefault(channel, 0)) {
      allThere.accept(channel);
    }
  }
}
