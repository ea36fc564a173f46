package io.sluice.kafka;

import io.sluice.log.Catalog;
import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Judges an offset that the brokers refused, or that may belong to a topic which is no longer
 * there.
 */
final class DoubtfulOffsets {
  private final KafkaCatalog catalog;
  private final Catalog ends;

  /**
   * @param ends the catalog as the reader sees it
   */
  DoubtfulOffsets(KafkaCatalog catalog, Catalog ends) {
    this.catalog = catalog;
    this.ends = ends;
  }

  /**
   * Asks the brokers about {@code offset}; first whether the topic is the same, then what its log
   * holds.
   */
  CompletionStage<Verdict> judge(Partition partition, long offset) {
    return catalog
        .refreshNow(partition.topic())
        .thenCompose(change ->
            switch (change) {
              case NONE -> compare(partition, offset);
              case DELETED -> now(new Stopped(new LogFailure.TopicDeleted(partition.topic())));
              case RECREATED -> now(new Replaced());
            });
  }

  /** What the log of {@code partition} holds; fails when the brokers do not say. */
  CompletionStage<LogFailure.OffsetOutOfRange> range(Partition partition, long offset) {
    List<Partition> one = List.of(partition);
    return ends.oldest(one)
        .thenCombine(
            ends.heads(one),
            (oldest, heads) ->
                new LogFailure.OffsetOutOfRange(
                    partition, offset, of(oldest, partition), of(heads, partition)));
  }

  private CompletionStage<Verdict> compare(Partition partition, long offset) {
    return range(partition, offset)
        .thenApply(range -> {
          if (offset < range.oldest()) {
            return new Lost(range.oldest());
          }
          return offset > range.head() ? new Stopped(range) : new InRange();
        });
  }

  private static CompletionStage<Verdict> now(Verdict verdict) {
    return CompletableFuture.completedFuture(verdict);
  }

  private static long of(Map<Partition, Long> offsets, Partition partition) {
    return offsets.getOrDefault(partition, 0L);
  }

  /** What became of an offset. */
  sealed interface Verdict {}

  /** It is there: reading goes on. */
  record InRange() implements Verdict {}

  /** Retention has passed it; the log begins at {@code oldest}. */
  record Lost(long oldest) implements Verdict {}

  /** It cannot be read on. */
  record Stopped(LogFailure why) implements Verdict {}

  /** The topic was deleted and made again, and those who watch it have been told. */
  record Replaced() implements Verdict {}
}
