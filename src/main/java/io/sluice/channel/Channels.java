package io.sluice.channel;

import io.sluice.log.Isolation;
import io.sluice.log.Topic;
import io.sluice.log.TopicPattern;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Maps the name that a client gives to what stands behind it: a configured channel, or, where
 * topics are served by their own names, the topic. Whether a topic exists is for the log to say:
 * this only refuses what could never be one. Immutable: any thread.
 */
public final class Channels {
  /** The longest name of a channel, and of a topic (Kafka's own limit). */
  public static final int MAX_NAME_LENGTH = Topic.MAX_NAME_LENGTH;

  /** What a name stands for. */
  public sealed interface Resolution {
    /** A channel. */
    record Found(Channel channel) implements Resolution {}

    /** No channel has this name, or it is one that is never shown. */
    record Unknown(String reason) implements Resolution {}

    /**
     * The name is a glob ({@code *} or {@code **}).
     *
     * @param pattern the glob
     * @param channels the configured channels that it matches, those that are templates left out
     * @param others which topics it may match beside them by their own names; always the same
     *     object
     */
    record Pattern(TopicPattern pattern, List<Channel> channels, Predicate<String> others)
        implements Resolution {
      public Pattern {
        channels = List.copyOf(channels);
      }
    }

    /** The name was meant as a glob and is none. */
    record Invalid(String reason) implements Resolution {}
  }

  private static final Resolution NONE =
      new Resolution.Unknown("There is no channel of this name.");

  private final NameTree<ConfiguredChannel> tree = new NameTree<>();
  private final List<ChannelSettings> configured;
  private final Map<String, ChannelSettings> byText = new HashMap<>();
  private final List<Channel> fixed = new ArrayList<>();
  private final Predicate<String> ownNames = this::isOwnName;
  private final boolean byTopic;

  /**
   * @param configured the channels that are configured
   * @param byTopic whether a topic is also a channel of its own name; a configured channel of that
   *     name goes before it
   * @throws IllegalArgumentException with one sentence that names the setting, and the channel, of
   *     which one makes no sense, or the two that get into each other's way
   */
  public Channels(List<ChannelSettings> configured, boolean byTopic) {
    this.configured =
        configured.stream().sorted(Comparator.comparing(ChannelSettings::name)).toList();
    this.byTopic = byTopic;
    List<ConfiguredChannel> channels =
        this.configured.stream().map(ConfiguredChannel::new).toList();
    checkOverlaps(channels);
    for (ConfiguredChannel channel : channels) {
      tree.add(channel.name(), channel);
      byText.put(channel.settings().name(), channel.settings());
      if (channel.name().isFixed()) {
        Channel only = channel.resolve(channel.settings().name());
        if (only != null) {
          fixed.add(only);
        }
      }
    }
  }

  /** Where nothing is configured: every topic is a channel of its name. */
  public static Channels ofTopics() {
    return new Channels(List.of(), true);
  }

  /** What {@code name} stands for. Takes time for its length, not for the number of channels. */
  public Resolution resolve(String name) {
    if (name.isEmpty()) {
      return new Resolution.Unknown("A channel's name has at least one character.");
    }
    if (name.indexOf('*') >= 0) {
      return glob(name);
    }
    if (name.length() > MAX_NAME_LENGTH) {
      return new Resolution.Unknown(
          "A channel's name has at most " + MAX_NAME_LENGTH + " characters.");
    }
    ConfiguredChannel found = tree.find(name);
    if (found != null) {
      Channel channel = found.resolve(name);
      return channel == null ? NONE : new Resolution.Found(channel);
    }
    return byTopic ? topic(name) : NONE;
  }

  /** The channels that are configured, in the order of their names. */
  public List<ChannelSettings> configured() {
    return configured;
  }

  /** The configured channel whose name or template has exactly this text. */
  public Optional<ChannelSettings> template(String text) {
    return Optional.ofNullable(byText.get(text));
  }

  /** In which isolations the channels are read. */
  public Set<Isolation> isolations() {
    return configured.stream().map(it -> it.rules().isolation()).collect(Collectors.toSet());
  }

  /** Whether a topic is also a channel of its own name. */
  public boolean isByTopic() {
    return byTopic;
  }

  private Resolution glob(String name) {
    String fault = TopicPattern.fault(name);
    if (fault != null) {
      return new Resolution.Invalid(fault);
    }
    TopicPattern pattern = TopicPattern.of(name);
    List<Channel> matching = fixed.stream().filter(it -> pattern.matches(it.name())).toList();
    return new Resolution.Pattern(pattern, matching, ownNames);
  }

  /** Whether the topic {@code name} is a channel of its own name, which no other channel hides. */
  private boolean isOwnName(String name) {
    return byTopic && tree.find(name) == null && TopicNames.isShown(name);
  }

  private static Resolution topic(String name) {
    if (!TopicNames.isLegal(name)) {
      return new Resolution.Unknown(
          "A channel's name consists of letters, digits, '.', '_' and '-' (ASCII), and is not '.' or '..'.");
    }
    // Told apart from a missing topic by nothing, so that nobody can probe for internal ones.
    return TopicNames.isShown(name) ? new Resolution.Found(Channel.ofTopic(name)) : NONE;
  }

  /** Compares those of one shape only: names with other separators cannot be the same. */
  private static void checkOverlaps(List<ConfiguredChannel> channels) {
    Map<String, List<ConfiguredChannel>> byShape = new HashMap<>();
    for (ConfiguredChannel channel : channels) {
      List<ConfiguredChannel> alike =
          byShape.computeIfAbsent(shape(channel.settings().name()), key -> new ArrayList<>());
      for (ConfiguredChannel other : alike) {
        if (channel.name().overlaps(other.name())) {
          throw new IllegalArgumentException(overlap(other.settings(), channel.settings()));
        }
      }
      alike.add(channel);
    }
  }

  private static String shape(String name) {
    return name.chars()
        .filter(c -> Characters.isSeparator((char) c))
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  private static String overlap(ChannelSettings one, ChannelSettings other) {
    return one.name().equals(other.name())
        ? one.setting("name")
            + " and "
            + other.setting("name")
            + " are both \""
            + one.name()
            + "\"; every channel needs a name of its own."
        : one.setting("name")
            + " (\""
            + one.name()
            + "\") and "
            + other.setting("name")
            + " (\""
            + other.name()
            + "\") can match the same name; literal text must tell them apart, as in a/{x} and b/{x}.";
  }
}
