package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.LogFailure;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class KafkaFailuresTest {
  @Test
  void aTimeoutOfADeliveryIsUnknownAndOfAHandOverIsUnavailable() {
    assertThat(publishing(new TimeoutException(), true)).isInstanceOf(LogFailure.TimedOut.class);
    assertThat(publishing(new NotEnoughReplicasException(), true))
        .isInstanceOf(LogFailure.TimedOut.class);
    assertThat(publishing(new KafkaException("closed"), true))
        .isInstanceOf(LogFailure.TimedOut.class);
    assertThat(publishing(new TimeoutException(), false))
        .isInstanceOf(LogFailure.Unavailable.class);
  }

  @Test
  void theBrokersFinalWordIsNotUnknown() {
    assertThat(publishing(new RecordTooLargeException(), true))
        .isEqualTo(new LogFailure.TooLarge(10, 5));
    assertThat(publishing(new TopicAuthorizationException("orders"), true))
        .isEqualTo(new LogFailure.Forbidden("orders", "writing"));
    assertThat(publishing(new InvalidRecordException("no key"), true))
        .isInstanceOf(LogFailure.Invalid.class);
  }

  @Test
  void readingFailuresAreToldApart() {
    assertThat(
            KafkaFailures.ofReading(
                new CompletionException(new UnknownTopicOrPartitionException()), "orders"))
        .isEqualTo(new LogFailure.UnknownTopic("orders"));
    assertThat(KafkaFailures.ofReading(new TopicAuthorizationException("orders"), "orders"))
        .isEqualTo(new LogFailure.Forbidden("orders", "reading"));
    assertThat(KafkaFailures.ofReading(new TimeoutException(), "orders"))
        .isInstanceOf(LogFailure.Unavailable.class);
    assertThat(KafkaFailures.ofReading(new IllegalStateException("?"), "orders"))
        .isInstanceOf(LogFailure.Internal.class);
  }

  @Test
  void aProducerIsGivenUpForItsOwnFailuresAndNotForTheBrokersAnswers() {
    assertThat(
            List.of(
                new ProducerFencedException("x"),
                new ClusterAuthorizationException("x"),
                new KafkaException("x"),
                new IllegalStateException("x")))
        .allMatch(KafkaFailures::isFatalForProducer);
    assertThat(
            List.of(
                new TimeoutException(),
                new RecordTooLargeException(),
                new NotEnoughReplicasException(),
                new InvalidRecordException("x"),
                new TopicAuthorizationException("x")))
        .noneMatch(KafkaFailures::isFatalForProducer);
  }

  @Test
  void aCorruptRecordNamesItsPartitionAndNotOneWithALongerName() {
    Set<TopicPartition> assigned =
        Set.of(
            new TopicPartition("a", 1), new TopicPartition("b-a", 1), new TopicPartition("a", 12));
    KafkaException corrupt =
        new KafkaException(
            "Received exception when fetching the next record from a-12. If needed, please seek past");
    assertThat(BrokenPartition.in(corrupt, assigned)).isEqualTo(new TopicPartition("a", 12));
    assertThat(BrokenPartition.in(new KafkaException("x b-a-1"), assigned))
        .isEqualTo(new TopicPartition("b-a", 1));
    assertThat(BrokenPartition.in(new KafkaException("x c-1"), assigned)).isNull();
    assertThat(BrokenPartition.in(new TimeoutException("a-1"), assigned)).isNull();
  }

  @Test
  void internalAndImpossibleNamesAreNotShown() {
    assertThat(List.of("orders", "a.b_c-D9", "_x", "x".repeat(249))).allMatch(TopicNames::isShown);
    assertThat(
            List.of("", ".", "..", "__x", "__consumer_offsets", "a b", "é", "a/b", "x".repeat(250)))
        .noneMatch(TopicNames::isShown);
  }

  @Test
  void theBudgetOfPublishesHoldsRecordsAndBytesAndGivesBack() {
    PublishBudget budget = new PublishBudget(3, 100);
    assertThat(budget.take(60)).isTrue();
    assertThat(budget.take(60)).isFalse();
    assertThat(budget.take(40)).isTrue();
    assertThat(budget.take(0)).isTrue();
    assertThat(budget.take(0)).isFalse();
    budget.give(60);
    assertThat(budget.records()).isEqualTo(2);
    assertThat(budget.bytes()).isEqualTo(40);
    PublishBudget small = new PublishBudget(3, 100);
    assertThat(small.take(500)).as("a lone record").isTrue();
  }

  private static LogFailure publishing(Exception failure, boolean sent) {
    return KafkaFailures.ofPublishing(failure, "orders", sent, 10, 5);
  }
}
