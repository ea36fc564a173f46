package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.LogFailure;
import io.sluice.log.Partition;
import io.sluice.log.PublishOutcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class OutcomesTest {
  private static final PublishOutcome STORED =
      new PublishOutcome.Stored(new Partition("t", 0), 1, 2);
  private static final PublishOutcome UNKNOWN =
      new PublishOutcome.Failed(new LogFailure.TimedOut("late"));

  private final KafkaCounters counters = new KafkaCounters();
  private final Outcomes outcomes = new Outcomes(counters);
  private final ArrayDeque<Runnable> loop = new ArrayDeque<>();
  private final List<String> taken = new ArrayList<>();

  @Test
  void outcomesThatArriveTogetherAreOneTaskInTheirOrder() {
    Executor executor = loop::add;
    for (int i = 0; i < 5; i++) {
      int number = i;
      outcomes.deliver(executor, outcome -> taken.add("a" + number), STORED);
    }
    assertThat(loop).hasSize(1);
    loop.remove().run();
    assertThat(taken).containsExactly("a0", "a1", "a2", "a3", "a4");
    outcomes.deliver(executor, outcome -> taken.add("later"), UNKNOWN);
    loop.remove().run();
    assertThat(taken).last().isEqualTo("later");
    assertThat(counters.published.sum()).isEqualTo(5);
    assertThat(counters.publishTimedOut.sum()).isEqualTo(1);
  }

  @Test
  void anOutcomeThatArrivesWhileOthersAreHandedOverIsNotLost() {
    Executor executor = loop::add;
    outcomes.deliver(
        executor,
        outcome -> outcomes.deliver(executor, second -> taken.add("second"), STORED),
        STORED);
    while (!loop.isEmpty()) {
      loop.remove().run();
    }
    assertThat(taken).containsExactly("second");
  }

  @Test
  void aTakerThatFailsDoesNotKeepTheOutcomesFromTheOthers() {
    Executor executor = loop::add;
    outcomes.deliver(
        executor,
        outcome -> {
          throw new IllegalStateException("a test's own mistake");
        },
        STORED);
    outcomes.deliver(executor, outcome -> taken.add("other"), STORED);
    loop.remove().run();
    assertThat(taken).containsExactly("other");
  }

  @Test
  void outcomesForAnExecutorThatHasEndedAreCountedAndDropped() {
    Executor ended =
        task -> {
          throw new RejectedExecutionException();
        };
    outcomes.deliver(ended, outcome -> taken.add("never"), STORED);
    outcomes.deliver(ended, outcome -> taken.add("never"), STORED);
    assertThat(taken).isEmpty();
    assertThat(counters.outcomesDropped.sum()).isEqualTo(2);
  }
}
