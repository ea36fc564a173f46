package io.sluice.channel;

import io.sluice.log.Isolation;
import io.sluice.protocol.Format;
import io.sluice.protocol.Mode;
import io.sluice.protocol.SubscribeOptions;
import java.util.Set;

/**
 * What may be done with a channel, and how.
 *
 * @param keyPartitioned whether whoever writes the topics uses Kafka's default partitioner and
 *     gives every record a key: then a key's partition can be computed, and no other is read for it
 * @param modes in which modes it may be read
 * @param subscribe whether it may be read
 * @param publish whether it may be written to
 * @param formats in which forms it may be read and written
 * @param maxRecordBytes the largest record, in bytes of key, headers and value; the gateway's own
 *     limit counts where it is lower
 * @param defaults what counts where a client says nothing
 * @param isolation which records its readers see
 */
public record ChannelRules(
    boolean keyPartitioned,
    Set<Mode> modes,
    boolean subscribe,
    boolean publish,
    Set<Format> formats,
    int maxRecordBytes,
    SubscribeOptions defaults,
    Isolation isolation) {
  /** What counts for a channel about which nothing was said. */
  public static final ChannelRules DEFAULT =
      new ChannelRules(
          false,
          Set.of(Mode.BROADCAST),
          true,
          true,
          Set.of(Format.values()),
          Integer.MAX_VALUE,
          SubscribeOptions.NONE,
          Isolation.READ_COMMITTED);

  public ChannelRules {
    modes = Set.copyOf(modes);
    formats = Set.copyOf(formats);
  }
}
