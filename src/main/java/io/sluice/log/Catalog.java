package io.sluice.log;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * What is in the cluster: topics and the ends of their partitions. Nothing here blocks and nothing
 * creates a topic; all methods may be called on any thread, and stages complete on a thread of the
 * catalog, exceptionally only with a {@link LogException}.
 */
public interface Catalog {
  /** How many topics {@link #topics} tells at most. */
  int MOST_TOPICS = 10_000;

  /**
   * The topic of that name, from the cache where it is there; fails with {@link
   * LogFailure.UnknownTopic}.
   */
  CompletionStage<Topic> topic(String name);

  /** The same as the brokers described it at most a second ago. */
  CompletionStage<Topic> current(String name);

  /**
   * The identities of all topics that may be shown (never an internal one), by name. They are asked
   * for anew, unless an answer is already on its way: then it is shared.
   */
  CompletionStage<Map<String, TopicId>> ids();

  /**
   * All topics that may be shown, as they were some seconds ago, by ascending names; of more than
   * {@link #MOST_TOPICS} the first ones only: who is told so many has maybe not been told all.
   */
  CompletionStage<List<Topic>> topics();

  /**
   * The partition in which writers put {@code key} that leave the choice to the log's default
   * partitioner and see {@code topic} as it is given here. Asks nobody.
   */
  Partition partitionOf(RecordKey key, Topic topic);

  /**
   * The head of each partition: the last stable offset, which is where a reader of committed
   * records waits.
   */
  CompletionStage<Map<Partition, Long>> heads(Collection<Partition> partitions);

  /** The oldest offset that each partition still holds. */
  CompletionStage<Map<Partition, Long>> oldest(Collection<Partition> partitions);

  /**
   * The offset of the first record of each partition with {@code timestamp} (milliseconds since the
   * epoch) or later; empty where none below the head has it.
   */
  CompletionStage<Map<Partition, OptionalLong>> firstSince(
      long timestamp, Collection<Partition> partitions);

  /**
   * Tells {@link Listener}s from now on what happens to {@code topic}, and what has happened since
   * it was described as it is given here; {@code watch} and {@code unwatch} are counted.
   */
  void watch(Topic topic);

  /**
   * Takes one {@link #watch} of that topic back, by its id; does nothing once the topic was told to
   * be deleted.
   */
  void unwatch(Topic topic);

  /** Adds a listener for watched topics; it is called on a thread of the catalog. */
  void addListener(Listener listener);

  /**
   * What may happen to a watched topic. All listeners hear it, also those who know it already: news
   * is told for each description that somebody watches by.
   */
  interface Listener {
    /** {@code topic} has more partitions than {@code before}. */
    void onPartitionsAdded(Topic before, Topic topic);

    /** The topic is gone. It is no longer watched. */
    void onDeleted(Topic topic);

    /** The topic was deleted and made again: {@code now} has another id than {@code before}. */
    void onRecreated(Topic before, Topic now);
  }
}
