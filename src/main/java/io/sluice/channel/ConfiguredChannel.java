package io.sluice.channel;

import io.sluice.log.RecordKey;
import io.sluice.log.Topic;
import io.sluice.protocol.SubscribeOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A configured channel whose templates are taken apart and make sense together. Immutable. */
final class ConfiguredChannel {
  /** Each of them is a look-up for every subscriber. */
  private static final int MAX_TOPICS = 100;

  private final ChannelSettings settings;
  private final NameTemplate name;
  private final List<Template> topics;
  private final @Nullable Template key;

  /**
   * @throws IllegalArgumentException with one sentence that names the setting and says what is
   *     wrong with it
   */
  ConfiguredChannel(ChannelSettings settings) {
    this.settings = settings;
    this.name = parse("name", settings.name(), NameTemplate::parse);
    this.topics = topics();
    this.key = settings.key() == null ? null : key(settings.key());
    checkVariables();
    checkRules();
  }

  ChannelSettings settings() {
    return settings;
  }

  NameTemplate name() {
    return name;
  }

  /** The channel that {@code called}, one of its names, stands for; {@code null} for none. */
  @Nullable Channel resolve(String called) {
    Map<String, String> values = name.values(called);
    Set<String> filled = new HashSet<>();
    List<String> resolved = new ArrayList<>(topics.size());
    for (Template topic : topics) {
      String wanted = topic.fill(values);
      if (!TopicNames.isShown(wanted)) {
        return null;
      }
      if (filled.add(wanted)) {
        resolved.add(wanted);
      }
    }
    RecordKey fixed = key == null ? null : RecordKey.of(key.fill(values));
    return new Channel(called, resolved, fixed, settings.rules(), false);
  }

  private List<Template> topics() {
    if (settings.topics().isEmpty()) {
      throw new IllegalArgumentException(
          settings.setting("topics") + " is empty; a channel needs at least one topic.");
    }
    if (settings.topics().size() > MAX_TOPICS) {
      throw new IllegalArgumentException(
          settings.setting("topics")
              + " has "
              + settings.topics().size()
              + " topics; a channel has at most "
              + MAX_TOPICS
              + ".");
    }
    List<Template> parsed = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String topic : settings.topics()) {
      Template template = parse("topics", topic, Template::parse);
      checkTopic(template);
      if (!seen.add(topic)) {
        throw wrong("topics", topic, "it stands there twice");
      }
      parsed.add(template);
    }
    return List.copyOf(parsed);
  }

  /** Values of variables are checked when they are known; the literal text is now. */
  private void checkTopic(Template topic) {
    String text = topic.text();
    for (Template.Part part : topic.parts()) {
      if (part instanceof Template.Part.Literal(String literal)
          && !Characters.areOfTopic(literal)) {
        throw wrong(
            "topics",
            text,
            "the name of a topic consists of ASCII letters, digits, ., _ and -, here also variables in"
                + " braces");
      }
    }
    if (TopicNames.isInternal(text)) {
      throw wrong("topics", text, "topics that begin with __ are internal and never served");
    }
    if (topic.variables().isEmpty() && !TopicNames.isLegal(text)) {
      throw wrong(
          "topics",
          text,
          "the name of a topic has 1 to "
              + Topic.MAX_NAME_LENGTH
              + " characters and is not . or ..");
    }
  }

  private Template key(String text) {
    Template template = parse("key", text, Template::parse);
    if (text.isEmpty()) {
      throw wrong("key", text, "a key that is fixed has at least one character");
    }
    int longest = template.longest(Topic.MAX_NAME_LENGTH);
    if (longest > SubscribeOptions.MAX_KEY_BYTES) {
      throw wrong(
          "key",
          text,
          "it could have "
              + longest
              + " bytes, and a key has at most "
              + SubscribeOptions.MAX_KEY_BYTES);
    }
    return template;
  }

  private void checkVariables() {
    Set<String> unused = new HashSet<>(name.variables());
    for (Template topic : topics) {
      checkKnown("topics", topic);
      unused.removeAll(topic.variables());
    }
    if (key != null) {
      checkKnown("key", key);
      unused.removeAll(key.variables());
    }
    if (!unused.isEmpty()) {
      throw wrong(
          "name",
          settings.name(),
          braced(unused) + " must be used in topics or key, or all its names would mean the same");
    }
  }

  private void checkKnown(String setting, Template template) {
    Set<String> unknown = new HashSet<>(template.variables());
    unknown.removeAll(name.variables());
    if (!unknown.isEmpty()) {
      throw wrong(
          setting,
          template.text(),
          "the name "
              + name
              + " has no variable "
              + braced(unknown)
              + (name.isFixed() ? "" : ", but " + braced(name.variables())));
    }
  }

  private void checkRules() {
    ChannelRules rules = settings.rules();
    require(!rules.modes().isEmpty(), "modes", "is empty; a channel needs at least one mode");
    require(!rules.formats().isEmpty(), "formats", "is empty; a channel needs at least one form");
    require(
        rules.subscribe() || rules.publish(),
        "subscribe",
        "and publish are both false; a channel that is neither read nor written is none");
    require(
        !rules.publish() || topics.size() == 1,
        "publish",
        "is true; a channel with several topics cannot be published to");
  }

  private void require(boolean condition, String setting, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(settings.setting(setting) + " " + otherwise + ".");
    }
  }

  private <T> T parse(String setting, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw wrong(setting, text, "it " + e.getMessage());
    }
  }

  private IllegalArgumentException wrong(String setting, String value, String why) {
    return new IllegalArgumentException(
        settings.setting(setting) + " is \"" + value + "\"; " + why + ".");
  }

  private static String braced(Collection<String> variables) {
    return "{" + String.join("}, {", variables.stream().sorted().toList()) + "}";
  }
}
