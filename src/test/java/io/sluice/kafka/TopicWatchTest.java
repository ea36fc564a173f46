package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Catalog;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicWatchTest {
  private static final Topic OLD = new Topic("orders", new TopicId("old"), 1);
  private static final Topic NEW = new Topic("orders", new TopicId("new"), 1);

  private static final Topic GROWN = new Topic("orders", new TopicId("old"), 3);

  private final TopicWatch watch = new TopicWatch();
  private final List<String> told = new ArrayList<>();

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
  void whoComesWithAnOlderDescriptionHearsOfThePartitionsThatOthersKnow() {
    watch.watch(OLD);
    watch.compare("orders", GROWN);
    listen();
    assertThat(watch.watch(OLD)).isTrue();
    assertThat(told).containsExactly("old 1 -> old 3");
    assertThat(watch.compare("orders", GROWN)).isEqualTo(TopicChange.NONE);
    assertThat(told).hasSize(1);
  }

  @Test
  void whoComesWithANewerDescriptionTellsTheOthers() {
    listen();
    watch.watch(OLD);
    watch.watch(GROWN);
    watch.compare("orders", GROWN);
    assertThat(told).containsExactly("old 1 -> old 3");
  }

  @Test
  void whoComesWithTheIdOfATopicThatIsNoMoreHearsOfTheOneThatIsThere() {
    watch.watch(OLD);
    watch.compare("orders", NEW);
    listen();
    assertThat(watch.watch(OLD)).as("must be asked").isFalse();
    assertThat(told).isEmpty();
    assertThat(watch.compare("orders", NEW)).isEqualTo(TopicChange.NONE);
    assertThat(told).containsExactly("old 1 -> new 1");
    watch.compare("orders", NEW);
    assertThat(told).hasSize(1);
  }

  @Test
  void whoComesWithTheNewIdFirstIsNotToldOfTheOldOne() {
    listen();
    watch.watch(OLD);
    assertThat(watch.watch(NEW)).as("must be asked").isFalse();
    Topic now = new Topic("orders", NEW.id(), 2);
    assertThat(watch.compare("orders", now)).isEqualTo(TopicChange.RECREATED);
    assertThat(told).containsExactlyInAnyOrder("old 1 -> new 2", "new 1 -> new 2");
  }

  @Test
  void aDeletionIsToldForEachIdThatSomebodyWatchesBy() {
    listen();
    watch.watch(OLD);
    watch.watch(NEW);
    watch.compare("orders", null);
    assertThat(told).containsExactlyInAnyOrder("old 1 deleted", "new 1 deleted");
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

  private void listen() {
    watch.addListener(
        new Catalog.Listener() {
          @Override
          public void onPartitionsAdded(Topic before, Topic topic) {
            assertThat(topic.id()).isEqualTo(before.id());
            told.add(text(before) + " -> " + text(topic));
          }

          @Override
          public void onDeleted(Topic topic) {
            told.add(text(topic) + " deleted");
          }

          @Override
          public void onRecreated(Topic before, Topic now) {
            assertThat(now.id()).isNotEqualTo(before.id());
            told.add(text(before) + " -> " + text(now));
          }
        });
  }

  private static String text(Topic topic) {
    return topic.id().value() + " " + topic.partitionCount();
  }
}
