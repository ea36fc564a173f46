package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Catalog;
import io.sluice.log.Topic;
import java.util.Queue;

/** Writes down what is told about topics: "orders 1->3", "orders deleted", "orders recreated". */
record TopicNews(Queue<? super String> heard) implements Catalog.Listener {
  @Override
  public void onPartitionsAdded(Topic before, Topic topic) {
    assertThat(topic.id()).isEqualTo(before.id());
    heard.add(topic.name() + " " + before.partitionCount() + "->" + topic.partitionCount());
  }

  @Override
  public void onDeleted(Topic topic) {
    heard.add(topic.name() + " deleted");
  }

  @Override
  public void onRecreated(Topic before, Topic now) {
    assertThat(now.id()).isNotEqualTo(before.id());
    heard.add(now.name() + " recreated");
  }
}
