package io.sluice.channel;

import io.sluice.log.RecordKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client's name for a channel stands for.
 *
 * @param name the name as the client gave it
 * @param topics the topics behind it, at least one; whether they exist is for the log to say
 * @param key the one key that it reads and writes; {@code null} where it has all keys
 * @param rules what may be done with it
 * @param isTopic whether nobody configured it: it is there as long as the topic of its name is
 */
public record Channel(
    String name,
    List<String> topics,
    @Nullable RecordKey key,
    ChannelRules rules,
    boolean isTopic) {
  public Channel {
    topics = List.copyOf(topics);
  }

  /** The channel that is the topic of the same name. */
  static Channel ofTopic(String topic) {
    return new Channel(topic, List.of(topic), null, ChannelRules.DEFAULT, true);
  }

  @Override
  public String toString() {
    return name;
  }
}
