package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Partition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class OffsetLookupsTest {
  private static final Partition A = new Partition("t", 0);
  private static final Partition B = new Partition("t", 1);

  private record Question(
      Set<Partition> partitions, CompletableFuture<Map<Partition, Long>> answer) {
    void answer(long offset) {
      Map<Partition, Long> offsets = new HashMap<>();
      partitions.forEach(partition -> offsets.put(partition, offset));
      answer.complete(offsets);
    }
  }

  private final List<Question> asked = new ArrayList<>();
  private final OffsetLookups lookups = new OffsetLookups(this::ask, Runnable::run);

  private CompletionStage<Map<Partition, Long>> ask(Collection<Partition> partitions) {
    Question question = new Question(Set.copyOf(partitions), new CompletableFuture<>());
    asked.add(question);
    return question.answer();
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
    asked.getFirst().answer().completeExceptionally(new TimeoutException());
    assertThat(first).isCompletedExceptionally();
    assertThat(next).isNotDone();
    asked.get(1).answer(7);
    assertThat(next.join()).isEqualTo(Map.of(A, 7L));
  }

  @Test
  void whatIsNotAnsweredIsAFailure() {
    var both = of(A, B);
    asked.getFirst().answer().complete(Map.of(A, 1L));
    assertThat(both).isCompletedExceptionally();
  }
}
