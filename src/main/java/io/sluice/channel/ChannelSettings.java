package io.sluice.channel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A channel as it is configured ({@code sluice.channels.<label>.*}).
 *
 * @param label what the configuration calls it; clients never see it
 * @param name its name, or a template of names such as {@code prices/{symbol}}
 * @param topics the topics behind it, or templates of topics with the name's variables
 * @param key a template of the one key that it reads and writes; {@code null} where it has all keys
 * @param rules what may be done with it
 */
public record ChannelSettings(
    String label, String name, List<String> topics, @Nullable String key, ChannelRules rules) {
  public ChannelSettings {
    topics = List.copyOf(topics);
  }

  /** The full name of one of its settings. */
  public String setting(String setting) {
    return "sluice.channels." + label + "." + setting;
  }

  @Override
  public String toString() {
    return name + " (sluice.channels." + label + ")";
  }
}
