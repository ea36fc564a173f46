package io.sluice.wire;

import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.protocol.StartingPoint;
import io.sluice.protocol.SubscribeOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of one channel by the query of its address (PROTOCOL §7).
 *
 * @param options of the subscription; {@code from} is {@code null} where {@code positions} are
 *     given
 * @param positions where to start, in partitions whose topic is only known once the channel is
 *     looked up; {@code null} where not asked for
 * @param publishKey the key of what is published; {@code null} for none
 * @param reads whether records are wanted
 * @param writes whether the client may publish
 */
public record ChannelQuery(
    SubscribeOptions options,
    @Nullable List<NamedOffset> positions,
    byte @Nullable [] publishKey,
    boolean reads,
    boolean writes)
    implements ChannelQueries.Reading {

  /**
   * One entry of {@code positions:}.
   *
   * @param topic {@code null} where it names the partition only
   * @param offset the next one to read
   */
  record NamedOffset(@Nullable String topic, int partition, long offset) {}

  /**
   * The options, with positions in the topics of the channel.
   *
   * @param topics the channel's topics, at least one
   */
  public OptionsReading optionsOn(List<String> topics) {
    if (positions == null) {
      return new OptionsReading.Understood(options);
    }
    Map<Partition, Long> byPartition = new HashMap<>();
    for (NamedOffset named : positions) {
      String topic = named.topic();
      if (topic == null && topics.size() > 1) {
        return new OptionsReading.Malformed(
            ChannelQueries.FROM,
            "The positions must name topics, as in positions:orders/0=120: this channel has more than one.");
      }
      if (topic != null && !topics.contains(topic)) {
        return new OptionsReading.Malformed(
            ChannelQueries.FROM,
            "The positions name the topic "
                + InvalidCommand.shown(topic)
                + "; this channel reads "
                + String.join(",", topics)
                + ".");
      }
      Partition partition =
          new Partition(topic == null ? topics.getFirst() : topic, named.partition());
      if (byPartition.put(partition, named.offset()) != null) {
        return new OptionsReading.Malformed(
            ChannelQueries.FROM, "The positions name partition " + named.partition() + " twice.");
      }
    }
    return new OptionsReading.Understood(
        options.startingAt(new StartingPoint.At(new Positions(byPartition), Map.of())));
  }

  /** What came of {@link #optionsOn}. */
  public sealed interface OptionsReading {
    /** They can be meant so. */
    record Understood(SubscribeOptions options) implements OptionsReading {}

    /** They cannot, because of {@code parameter}. */
    record Malformed(String parameter, String message) implements OptionsReading {}
  }
}
