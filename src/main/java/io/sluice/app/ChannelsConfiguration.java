package io.sluice.app;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * {@code sluice.channels-by-topic}: whether a topic is also a channel of its own name.
 *
 * @param channelsByTopic {@code true}, {@code false}, or {@code auto}: as long as no channel is
 *     configured
 */
@ConfigurationProperties("sluice")
record ChannelsConfiguration(@Bindable(defaultValue = "auto") String channelsByTopic) {
  private static final String NAME = "sluice.channels-by-topic";

  ChannelsConfiguration {
    if (!channelsByTopic.matches("auto|true|false")) {
      throw new SettingException(
          NAME + " is \"" + channelsByTopic + "\"; it must be auto, true or false.");
    }
  }

  boolean isByTopic(boolean anyConfigured) {
    return channelsByTopic.equals("auto") ? !anyConfigured : Boolean.parseBoolean(channelsByTopic);
  }
}
