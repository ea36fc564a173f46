package io.sluice.app;

import io.micronaut.context.env.Environment;
import io.sluice.channel.ChannelSettings;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** The channels that the configuration names, as they stand there: {@code sluice.channels.*}. */
@Singleton
final class ConfiguredChannels {
  private final List<ChannelSettings> all;

  /**
   * @throws SettingException with one sentence about the first setting that cannot be read
   */
  ConfiguredChannels(Environment environment, RelayConfiguration relay) {
    this.all =
        GivenName.in(environment).stream()
            .map(GivenName::ofChannel)
            .flatMap(Optional::stream)
            .map(ChannelSettingName::label)
            .distinct()
            .sorted()
            .map(label -> new ChannelSection(environment, label, relay.maxRecordBytes()).read())
            .toList();
  }

  /** In the order of their labels. */
  List<ChannelSettings> all() {
    return all;
  }
}
