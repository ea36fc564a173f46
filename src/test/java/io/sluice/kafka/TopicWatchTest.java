package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import org.junit.jupiter.api.Test;

class TopicWatchTest {
  private static final Topic OLD = new Topic("orders", new TopicId("old"), 1);
  private static final Topic NEW = new Topic("orders", new TopicId("new"), 1);

  private final TopicWatch watch = new TopicWatch();

  @Test
  void whoLeavesADeletedTopicLateTakesNoWatchFromTheOneOfTheSameName() {
    watch.watch(OLD);
    watch.compare("orders", null);
    watch.watch(NEW);
    watch.unwatch(OLD);
    assertThat(watch.isWatched("orders")).isTrue();
    watch.unwatch(NEW);
    assertThat(watch.isWatched("orders")).isFalse();
  }

  @Test
  void whoWatchedATopicThatWasMadeAgainMayLeaveByEitherId() {
    watch.watch(OLD);
    watch.watch(OLD);
    watch.compare("orders", NEW);
    watch.unwatch(OLD);
    assertThat(watch.isWatched("orders")).isTrue();
    watch.unwatch(NEW);
    assertThat(watch.isWatched("orders")).isFalse();
  }
}
