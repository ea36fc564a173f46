package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Isolation;
import io.sluice.log.Partition;
import io.sluice.testing.ManualExecutor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class SinceLookupsTest {
  private static final Partition A = new Partition("t", 0);

  private record Question(
      long timestamp, Isolation isolation, CompletableFuture<OptionalLong> answer) {}

  private final List<Question> asked = new ArrayList<>();
  private final ManualExecutor thread = new ManualExecutor();
  private final SinceLookups lookups =
      new SinceLookups(
          new FakeBrokers() {
            @Override
            public Map<Partition, CompletionStage<OptionalLong>> firstSince(
                long timestamp, Collection<Partition> partitions, Isolation isolation) {
              CompletableFuture<OptionalLong> answer = new CompletableFuture<>();
              asked.add(new Question(timestamp, isolation, answer));
              return Map.of(A, answer);
            }
          },
          thread);

  @Test
  void whoAskForTheSameTimeShareAnAnswer() {
    List<CompletableFuture<Map<Partition, OptionalLong>>> answers = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      answers.add(since(5, Isolation.READ_COMMITTED));
    }
    thread.runAll();
    assertThat(asked).hasSize(1);
    asked.getFirst().answer.complete(OptionalLong.of(3));
    thread.runAll();
    assertThat(answers)
        .allSatisfy(each -> assertThat(each.join()).isEqualTo(Map.of(A, OptionalLong.of(3))));
  }

  @Test
  void readersOfAnotherIsolationHaveAnAnswerOfTheirOwn() {
    var committed = since(5, Isolation.READ_COMMITTED);
    var uncommitted = since(5, Isolation.READ_UNCOMMITTED);
    thread.runAll();
    assertThat(asked)
        .extracting(Question::isolation)
        .containsExactly(Isolation.READ_COMMITTED, Isolation.READ_UNCOMMITTED);
    asked.get(1).answer.complete(OptionalLong.of(1));
    thread.runAll();
    assertThat(committed).isNotDone();
    assertThat(uncommitted).isDone();
  }

  @Test
  void ofManyTimesAFewAreAskedAtOnceAndAllAreAnsweredInOrder() {
    List<CompletableFuture<Map<Partition, OptionalLong>>> answers = new ArrayList<>();
    for (int time = 0; time < 1_000; time++) {
      answers.add(since(time, Isolation.READ_COMMITTED));
    }
    thread.runAll();
    for (int time = 0; time < 1_000; time++) {
      assertThat(asked).hasSize(Math.min(1_000, SinceLookups.TIMES_AT_ONCE + time));
      assertThat(asked.get(time).timestamp).isEqualTo(time);
      asked.get(time).answer.complete(OptionalLong.of(time));
      thread.runAll();
      assertThat(answers.get(time).join()).isEqualTo(Map.of(A, OptionalLong.of(time)));
    }
  }

  private CompletableFuture<Map<Partition, OptionalLong>> since(long time, Isolation isolation) {
    return lookups.of(time, isolation, List.of(A)).toCompletableFuture();
  }
}
