package io.sluice.protocol;

import io.sluice.log.Gap;
import io.sluice.log.Positions;
import io.sluice.log.PublishOutcome;
import io.sluice.log.TopicId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the gateway tells a client, except records, which the relay encodes once for all. */
public sealed interface Event {
  /** The first message on every connection. */
  record Welcome(String connection, String instance, Limits limits, Duration heartbeat)
      implements Event {}

  /** What a client must keep to. Bytes, and subscriptions per connection. */
  record Limits(int maxMessageBytes, int maxRecordBytes, int maxSubscriptions) {}

  /** Reply to {@code subscribe}: where the subscription starts. */
  record Subscribed(
      @Nullable CommandId id,
      long subscription,
      String channel,
      Positions positions,
      Map<String, TopicId> topicIds)
      implements Event {}

  /** Reply to {@code unsubscribe}. */
  record Unsubscribed(@Nullable CommandId id, long subscription) implements Event {}

  /** Reply to {@code publish}: one result a record, in the order of the command. */
  record Published(@Nullable CommandId id, List<Result> records) implements Event {}

  /** What became of one record of a publish. */
  sealed interface Result {
    /** Stored, with {@code acks=all}. */
    record Stored(PublishOutcome.Stored at) implements Result {}

    /** Not stored, or not known to be. */
    record Refused(Failure failure) implements Result {}
  }

  /** Reply to {@code ping}. */
  record Pong(@Nullable CommandId id) implements Event {}

  /** The subscription has reached the head. */
  record Live(long subscription) implements Event {}

  /** Offsets that will not come. */
  record Missing(long subscription, Gap gap) implements Event {}

  /** Scanned to here: no record before these positions is still to come. */
  record Scanned(long subscription, Positions positions) implements Event {}

  /**
   * Reply to {@code describe}.
   *
   * @param truncated true where there are more than are told
   */
  record Described(@Nullable CommandId id, List<Channel> channels, boolean truncated)
      implements Event {}

  /**
   * One channel, and what this client may do there.
   *
   * @param topics the topics behind it
   * @param partitions of all its topics together
   * @param subscribe whether it may be read
   * @param publish whether it may be written to
   * @param modes in which modes it may be read
   */
  record Channel(
      String channel,
      List<String> topics,
      int partitions,
      boolean subscribe,
      boolean publish,
      List<String> modes) {}

  /** The gateway ended this subscription; its last message. */
  record Ended(long subscription, Failure failure, Positions positions) implements Event {}

  /** Kafka cannot be reached, or can be again. */
  record Status(boolean kafkaAvailable) implements Event {}

  /**
   * This instance is going away; the client takes its positions elsewhere after {@code
   * reconnectAfter}.
   */
  record Draining(Duration reconnectAfter, List<Standing> subscriptions) implements Event {}

  /** Where a subscription stands. */
  record Standing(long subscription, Positions positions) {}

  /** A command that was not done, or with no id something that belongs to no command. */
  record Refused(@Nullable CommandId id, Failure failure) implements Event {}
}
