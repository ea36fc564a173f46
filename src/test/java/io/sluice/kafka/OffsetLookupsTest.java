package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.testing.ManualExecutor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class OffsetLookupsTest {
  private static final Partition A = new Partition("t", 0);
  private static final Partition B = new Partition("t", 1);

  private record Question(Map<Partition, CompletableFuture<Long>> answers) {
    Set<Partition> partitions() {
      return answers.keySet();
    }

    void answer(long offset) {
      answers.values().forEach(each -> each.complete(offset));
    }

    void answer(Partition partition, long offset) {
      of(partition).complete(offset);
    }

    void fail(Partition partition) {
      of(partition).completeExceptionally(new TimeoutException());
    }

    private CompletableFuture<Long> of(Partition partition) {
      return Objects.requireNonNull(answers.get(partition));
    }
  }

  private final List<Question> asked = new ArrayList<>();
  private final ManualExecutor thread = new ManualExecutor();
  private Executor executor = Runnable::run;
  private final OffsetLookups<Long> lookups =
      new OffsetLookups<>(this::ask, task -> executor.execute(task));

  private Map<Partition, CompletionStage<Long>> ask(Collection<Partition> partitions) {
    Map<Partition, CompletableFuture<Long>> answers = new LinkedHashMap<>();
    partitions.forEach(partition -> answers.put(partition, new CompletableFuture<>()));
    asked.add(new Question(answers));
    return Map.copyOf(answers);
  }

  private CompletableFuture<Map<Partition, Long>> of(Partition... partitions) {
    return lookups.of(List.of(partitions)).toCompletableFuture();
  }

  @Test
  void whatIsAskedWhileAnAnswerIsOnItsWayIsAskedOnceMoreForAll() {
    var first = of(A);
    List<CompletableFuture<Map<Partition, Long>>> others = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      others.add(of(A));
    }
    assertThat(asked).hasSize(1);
    asked.getFirst().answer(5);
    assertThat(first.join()).isEqualTo(Map.of(A, 5L));
    // An answer is never older than its question.
    assertThat(others).noneMatch(CompletableFuture::isDone);
    assertThat(asked).hasSize(2);
    asked.get(1).answer(6);
    assertThat(others).allSatisfy(each -> assertThat(each.join()).isEqualTo(Map.of(A, 6L)));
    assertThat(asked).hasSize(2);
  }

  @Test
  void aPartitionThatIsNotBeingAskedAboutDoesNotWait() {
    var one = of(A);
    var both = of(A, B);
    assertThat(asked).extracting(Question::partitions).containsExactly(Set.of(A), Set.of(B));
    asked.get(1).answer(2);
    asked.get(0).answer(1);
    assertThat(one.join()).isEqualTo(Map.of(A, 1L));
    assertThat(both).isNotDone();
    asked.get(2).answer(3);
    assertThat(both.join()).isEqualTo(Map.of(A, 3L, B, 2L));
  }

  @Test
  void aFailureIsThatOfThoseWhoAskedAndTheNextAreAskedAnew() {
    var first = of(A);
    var next = of(A);
    asked.getFirst().fail(A);
    assertThat(first).isCompletedExceptionally();
    assertThat(next).isNotDone();
    asked.get(1).answer(7);
    assertThat(next.join()).isEqualTo(Map.of(A, 7L));
  }

  @Test
  void aPartitionWithoutALeaderFailsThoseWhoAskAboutItAndHoldsUpNobodyElse() {
    executor = thread;
    var both = of(A, B);
    var stranger = of(A);
    thread.runAll();
    assertThat(asked).extracting(Question::partitions).containsExactly(Set.of(A, B));
    asked.getFirst().answer(A, 1);
    thread.runAll();
    assertThat(stranger.join()).isEqualTo(Map.of(A, 1L));
    var next = of(A);
    thread.runAll();
    asked.get(1).answer(A, 2);
    thread.runAll();
    assertThat(next.join()).isEqualTo(Map.of(A, 2L));
    assertThat(both).isNotDone();
    asked.getFirst().fail(B);
    thread.runAll();
    assertThat(OpenLog.failureOf(both)).isInstanceOf(LogFailure.Unavailable.class);
  }

  @Test
  void whoComeTogetherAreOneRequestAlsoOfDifferentPartitions() {
    executor = thread;
    var one = of(A);
    var other = of(B);
    thread.runAll();
    assertThat(asked).extracting(Question::partitions).containsExactly(Set.of(A, B));
    asked.getFirst().answer(3);
    var later = List.of(of(A), of(B));
    thread.runAll();
    assertThat(one.join()).isEqualTo(Map.of(A, 3L));
    assertThat(other.join()).isEqualTo(Map.of(B, 3L));
    assertThat(asked).hasSize(2);
    asked.get(1).answer(4);
    thread.runAll();
    assertThat(later).allMatch(CompletableFuture::isDone);
  }

  @Test
  void aPartitionThatIsLeftOutOfTheAnswerIsAFailure() {
    OffsetLookups<Long> without = new OffsetLookups<>(partitions -> Map.of(), Runnable::run);
    assertThat(OpenLog.failureOf(without.of(List.of(A))))
        .isInstanceOf(LogFailure.Unavailable.class);
  }
}
