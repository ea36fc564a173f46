package io.sluice.kafka;

import io.sluice.kafka.BrokerQuestions.Answer;
import io.sluice.kafka.BrokerQuestions.Found;
import io.sluice.kafka.BrokerQuestions.Missing;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known about topics by name: the ones that are there, for a while, and the ones that are
 * not, for a shorter while. Both halves are bounded, so that nobody fills memory by asking for
 * names. Topics that are there may be looked up on any thread; everything else belongs to the
 * catalog's thread.
 *
 * <p>Time is passed in, as {@link System#nanoTime} counts it.
 */
final class TopicCache {
  /** Partitions that were added are seen by a new subscriber after this at the latest. */
  static final Duration KNOWN_FOR = Duration.ofSeconds(10);

  /**
   * A topic that somebody creates now is seen after this at the latest, by those who asked too
   * early.
   */
  static final Duration UNKNOWN_FOR = Duration.ofSeconds(5);

  /** Names of each half: at most 249 characters each, so about 5 MB at the worst. */
  static final int NAMES = 10_000;

  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final Map<String, Long> unknown = new LinkedHashMap<>();

  /** The topic, when it was described less than {@link #KNOWN_FOR} ago. Any thread. */
  @Nullable Topic fresh(String name, long now) {
    return within(name, now, KNOWN_FOR);
  }

  /** The topic, when it was described less than {@code age} ago. Any thread. */
  @Nullable Topic within(String name, long now, Duration age) {
    Known entry = known.get(name);
    return entry == null || now - entry.at >= age.toNanos() ? null : entry.topic;
  }

  /** The topic as it was described last, however long ago. Any thread. */
  @Nullable Topic last(String name) {
    Known entry = known.get(name);
    return entry == null ? null : entry.topic;
  }

  /** True when the topic was not there less than {@link #UNKNOWN_FOR} ago. */
  boolean isUnknown(String name, long now) {
    Long at = unknown.get(name);
    if (at == null) {
      return false;
    }
    if (now - at >= UNKNOWN_FOR.toNanos()) {
      unknown.remove(name);
      return false;
    }
    return true;
  }

  /** Takes what the brokers say about {@code name}, as far as that is certain. */
  void learn(String name, Answer answer, long now) {
    switch (answer) {
      case Found(Topic topic) -> found(topic, now);
      case Missing missing when missing.isCertain() -> missed(name, now);
      case Missing unclear -> {}
    }
  }

  void found(Topic topic, long now) {
    unknown.remove(topic.name());
    if (known.size() >= NAMES && !known.containsKey(topic.name())) {
      makeRoom();
    }
    known.put(topic.name(), new Known(topic, now));
  }

  void missed(String name, long now) {
    known.remove(name);
    unknown.remove(name);
    if (unknown.size() >= NAMES) {
      Iterator<String> oldest = unknown.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    unknown.put(name, now);
  }

  /**
   * These are the topics that there are: what is known otherwise (that there is none of a name, or
   * another one) is forgotten.
   */
  void listed(Map<String, TopicId> ids) {
    unknown.keySet().removeAll(ids.keySet());
    known.entrySet().removeIf(each -> isAnother(ids.get(each.getKey()), each.getValue().topic));
  }

  private static boolean isAnother(@Nullable TopicId id, Topic topic) {
    return id != null && !id.equals(topic.id());
  }

  /** Forgets that the topic is there, so that the next look-up asks. Any thread. */
  void forget(String name) {
    known.remove(name);
  }

  /** Names in both halves. */
  int size() {
    return known.size() + unknown.size();
  }

  /**
   * Drops any one topic: what is asked for often is soon back, and scanning for the oldest would
   * cost more.
   */
  private void makeRoom() {
    Iterator<String> any = known.keySet().iterator();
    if (any.hasNext()) {
      any.next();
      any.remove();
    }
  }

  private record Known(Topic topic, long at) {}
}
