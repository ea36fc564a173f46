package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import org.junit.jupiter.api.Test;

class TopicCacheTest {
  private static final long START = Long.MAX_VALUE - 5; // nanoTime may overflow
  private final TopicCache cache = new TopicCache();

  @Test
  void aTopicIsFreshForAWhileAndThenOnlyTheLastKnown() {
    Topic topic = topic("a");
    cache.found(topic, START);
    assertThat(cache.fresh("a", START + TopicCache.KNOWN_FOR.toNanos() - 1)).isEqualTo(topic);
    assertThat(cache.fresh("a", START + TopicCache.KNOWN_FOR.toNanos())).isNull();
    assertThat(cache.last("a")).isEqualTo(topic);
  }

  @Test
  void anUnknownNameIsUnknownForAWhile() {
    cache.missed("a", START);
    assertThat(cache.isUnknown("a", START + TopicCache.UNKNOWN_FOR.toNanos() - 1)).isTrue();
    assertThat(cache.isUnknown("a", START + TopicCache.UNKNOWN_FOR.toNanos())).isFalse();
    assertThat(cache.size()).isZero();
  }

  @Test
  void theNewestAnswerCounts() {
    cache.missed("a", START);
    cache.found(topic("a"), START);
    assertThat(cache.isUnknown("a", START)).isFalse();
    cache.missed("a", START);
    assertThat(cache.fresh("a", START)).isNull();
    assertThat(cache.isUnknown("a", START)).isTrue();
  }

  @Test
  void noNumberOfNamesMakesItGrowBeyondItsBounds() {
    for (int i = 0; i < 3 * TopicCache.NAMES; i++) {
      cache.missed("no" + i, START);
      cache.found(topic("yes" + i), START);
    }
    assertThat(cache.size()).isEqualTo(2 * TopicCache.NAMES);
    assertThat(cache.isUnknown("no" + (3 * TopicCache.NAMES - 1), START)).isTrue();
    assertThat(cache.isUnknown("no0", START)).isFalse();
  }

  private static Topic topic(String name) {
    return new Topic(name, new TopicId("id-of-" + name), 1);
  }
}
