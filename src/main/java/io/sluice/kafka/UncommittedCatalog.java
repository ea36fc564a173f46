package io.sluice.kafka;

import io.sluice.log.Catalog;
import io.sluice.log.Isolation;
import io.sluice.log.Partition;
import io.sluice.log.RecordKey;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * The catalog as readers see it that do not wait for transactions to end: their heads are the high
 * watermarks. Any thread.
 */
final class UncommittedCatalog implements Catalog {
  private final KafkaCatalog catalog;

  UncommittedCatalog(KafkaCatalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public CompletionStage<Topic> topic(String name) {
    return catalog.topic(name);
  }

  @Override
  public CompletionStage<Topic> current(String name) {
    return catalog.current(name);
  }

  @Override
  public CompletionStage<Map<String, TopicId>> ids() {
    return catalog.ids();
  }

  @Override
  public CompletionStage<List<Topic>> topics() {
    return catalog.topics();
  }

  @Override
  public Partition partitionOf(RecordKey key, Topic topic) {
    return catalog.partitionOf(key, topic);
  }

  @Override
  public CompletionStage<Map<Partition, Long>> heads(Collection<Partition> partitions) {
    return catalog.highWatermarks(partitions);
  }

  @Override
  public CompletionStage<Map<Partition, Long>> oldest(Collection<Partition> partitions) {
    return catalog.oldest(partitions);
  }

  @Override
  public CompletionStage<Map<Partition, OptionalLong>> firstSince(
      long timestamp, Collection<Partition> partitions) {
    return catalog.firstSince(timestamp, partitions, Isolation.READ_UNCOMMITTED);
  }

  @Override
  public void watch(Topic topic) {
    catalog.watch(topic);
  }

  @Override
  public void unwatch(Topic topic) {
    catalog.unwatch(topic);
  }

  @Override
  public void addListener(Listener listener) {
    catalog.addListener(listener);
  }
}
