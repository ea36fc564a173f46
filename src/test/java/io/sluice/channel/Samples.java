package io.sluice.channel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Channels as a test configures them. */
final class Samples {
  private Samples() {}

  static ChannelSettings channel(
      String label, String name, @Nullable String key, String... topics) {
    return new ChannelSettings(label, name, List.of(topics), key, rules(topics.length < 2));
  }

  static ChannelRules rules(boolean publish) {
    ChannelRules open = ChannelRules.DEFAULT;
    return new ChannelRules(
        false,
        open.modes(),
        true,
        publish,
        open.formats(),
        open.maxRecordBytes(),
        open.defaults(),
        open.isolation());
  }
}
