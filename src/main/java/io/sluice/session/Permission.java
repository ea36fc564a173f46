package io.sluice.session;

import io.sluice.channel.Channel;
import io.sluice.channel.ChannelRules;
import io.sluice.log.Isolation;
import io.sluice.log.RecordKey;
import io.sluice.protocol.Command;
import io.sluice.protocol.Command.NewRecord;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Failure;
import io.sluice.protocol.Format;
import io.sluice.protocol.Mode;
import io.sluice.protocol.SubscribeOptions;
import io.sluice.relay.WireFormat;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Holds what a client wants to do against the rules of the channel. */
final class Permission {
  /** In which modes this gateway can serve at all. */
  static final Set<Mode> SERVED = Set.of(Mode.BROADCAST);

  private Permission() {}

  /** Why {@code channel} cannot be read like that; {@code null} where it can. */
  static @Nullable Failure toSubscribe(
      Command.Subscribe subscribe, Channel channel, WireFormat format) {
    Failure failure = toRead(channel, format);
    return failure == null ? toSelect(subscribe.options(), channel.key() != null) : failure;
  }

  /**
   * Why {@code options} choose what cannot be chosen; {@code null} where they do not.
   *
   * @param keyed whether the channel is one key of its topics
   */
  static @Nullable Failure toSelect(SubscribeOptions options, boolean keyed) {
    return keyed && options.key() != null
        ? Failure.of(
            ErrorCode.INVALID,
            "The key of this channel is given by its name; leave the option key out.",
            "key")
        : null;
  }

  /** Why {@code channel} cannot be read in {@code format}; {@code null} where it can. */
  static @Nullable Failure toRead(Channel channel, WireFormat format) {
    ChannelRules rules = channel.rules();
    if (!rules.subscribe()) {
      return Failure.of(ErrorCode.FORBIDDEN, "This channel cannot be subscribed to.", "channel");
    }
    if (rules.modes().stream().noneMatch(SERVED::contains)) {
      return Failure.of(
          ErrorCode.INVALID,
          "This channel is for "
              + words(rules.modes().stream().map(Mode::word).collect(Collectors.toSet()))
              + " only, which is not supported yet.",
          "mode");
    }
    return wrongFormat(rules, format);
  }

  /** Why {@code channel} cannot be written to; {@code null} where it can. */
  static @Nullable Failure toPublish(Channel channel, WireFormat format) {
    if (channel.topics().size() > 1) {
      return Failure.of(
          ErrorCode.INVALID, "A channel of several topics cannot be published to.", "channel");
    }
    if (!channel.rules().publish()) {
      return Failure.of(ErrorCode.FORBIDDEN, "This channel cannot be published to.", "channel");
    }
    return wrongFormat(channel.rules(), format);
  }

  /** Why {@code record} cannot be written there; {@code null} where it can. */
  static @Nullable Failure toWrite(NewRecord record, Channel channel) {
    byte[] given = record.key();
    if (given != null && channel.key() != null && !RecordKey.of(given).equals(channel.key())) {
      return Failure.of(
          ErrorCode.INVALID,
          "The key of this channel is given by its name; leave it out, or give the same.",
          "key");
    }
    if (channel.rules().keyPartitioned() && record.partition() != null) {
      // Whoever subscribes to the key looks for it in the key's partition only.
      return Failure.of(
          ErrorCode.INVALID,
          "The partitions of this channel are given by its keys; leave the partition out.",
          "partition");
    }
    return null;
  }

  /** Whether globs stand for it too, where it is read in {@code format}. */
  static boolean isOfGlobs(Channel channel, WireFormat format) {
    return channel.key() == null
        && channel.rules().isolation() == Isolation.READ_COMMITTED
        && isReadable(channel.rules(), format);
  }

  /** Whether a client that speaks {@code format} may read what has these rules. */
  static boolean isReadable(ChannelRules rules, WireFormat format) {
    return rules.subscribe()
        && rules.modes().stream().anyMatch(SERVED::contains)
        && rules.formats().contains(of(format));
  }

  /** Whether a client that speaks {@code format} may write to what has these rules. */
  static boolean isWritable(ChannelRules rules, WireFormat format) {
    return rules.publish() && rules.formats().contains(of(format));
  }

  private static Format of(WireFormat format) {
    return switch (format) {
      case JSON, EVENT_STREAM -> Format.JSON;
      case CBOR -> Format.CBOR;
      case RAW -> Format.RAW;
    };
  }

  private static @Nullable Failure wrongFormat(ChannelRules rules, WireFormat format) {
    return rules.formats().contains(of(format))
        ? null
        : Failure.of(
            ErrorCode.FORBIDDEN,
            "This channel is served as "
                + words(rules.formats().stream().map(Format::word).collect(Collectors.toSet()))
                + ", not as "
                + of(format).word()
                + ".",
            "channel");
  }

  private static String words(Set<String> words) {
    return words.stream().sorted().collect(Collectors.joining(" or "));
  }
}
