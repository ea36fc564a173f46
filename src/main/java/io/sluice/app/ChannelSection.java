package io.sluice.app;

import io.micronaut.context.env.Environment;
import io.sluice.channel.ChannelRules;
import io.sluice.channel.ChannelSettings;
import io.sluice.log.Isolation;
import io.sluice.protocol.Format;
import io.sluice.protocol.Mode;
import io.sluice.protocol.Overflow;
import io.sluice.protocol.StartingPoint;
import io.sluice.protocol.SubscribeOptions;
import io.sluice.protocol.ValueForm;
import io.sluice.relay.FeedForm;
import io.sluice.wire.StartingPointText;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the section of one channel, {@code sluice.channels.<label>.*}. What cannot be read is
 * refused by the setting's full name; whether the channel makes sense is for the channels to say.
 */
final class ChannelSection {
  private final Environment environment;
  private final String label;
  private final int mostRecordBytes;

  /**
   * @param mostRecordBytes the gateway's own limit
   */
  ChannelSection(Environment environment, String label, int mostRecordBytes) {
    this.environment = environment;
    this.label = label;
    this.mostRecordBytes = mostRecordBytes;
  }

  /**
   * @throws SettingException with one sentence about the first setting that cannot be read
   */
  ChannelSettings read() {
    ChannelSettingName.KNOWN.forEach(this::checkType);
    List<String> topics = list("topics").orElse(List.of());
    ChannelRules rules =
        new ChannelRules(
            flag("key-partitioned", false),
            words("modes", Mode.values(), Mode::word).orElse(ChannelRules.DEFAULT.modes()),
            flag("subscribe", true),
            flag("publish", topics.size() < 2),
            words("formats", Format.values(), Format::word).orElse(ChannelRules.DEFAULT.formats()),
            maxRecordBytes(),
            defaults(),
            word("isolation", Isolation.values(), Isolation::word)
                .orElse(ChannelRules.DEFAULT.isolation()));
    return new ChannelSettings(
        label, text("name").orElse(label), topics, text("key").orElse(null), rules);
  }

  private SubscribeOptions defaults() {
    return new SubscribeOptions(
        text("defaults.from").map(this::from).orElse(null),
        word("defaults.overflow", Overflow.values(), Overflow::word).orElse(null),
        word("defaults.value", ValueForm.values(), ValueForm::word).orElse(null),
        null,
        fields(),
        credit(),
        maxRate());
  }

  private void checkType(KnownSetting known) {
    String name = known.name().replace("<label>", label);
    value(name)
        .ifPresent(value -> {
          if (value instanceof Collection<?> && known.type() != List.class) {
            throw new SettingException(name + " is a list; it must be one value.");
          }
          known
              .objection(String.valueOf(value))
              .ifPresent(allowed -> {
                throw Settings.wrong(name, value, allowed);
              });
        });
  }

  private int maxRecordBytes() {
    String name = name("max-record-bytes");
    Optional<Integer> bytes = text("max-record-bytes").map(Integer::valueOf);
    bytes.ifPresent(given -> {
      Settings.within(name, given, 1, Integer.MAX_VALUE);
      Settings.atMost(name, given, "sluice.relay.max-record-bytes", mostRecordBytes);
    });
    return bytes.orElse(mostRecordBytes);
  }

  private @Nullable List<String> fields() {
    List<String> paths = list("defaults.fields").orElse(null);
    if (paths != null && paths.isEmpty()) {
      throw new SettingException(
          name("defaults.fields") + " is empty; to keep all of a value it is left out.");
    }
    if (paths != null
        && FeedForm.wrongPath(paths) instanceof FeedForm.WrongPath(int index, String what)) {
      throw new SettingException(name("defaults.fields") + "[" + index + "] " + what);
    }
    return paths;
  }

  private @Nullable Long credit() {
    Optional<Long> credit = text("defaults.credit").map(Long::valueOf);
    credit.ifPresent(
        given -> Settings.within(name("defaults.credit"), given, 0, SubscribeOptions.MAX_CREDIT));
    return credit.orElse(null);
  }

  private @Nullable Double maxRate() {
    Optional<Double> rate = text("defaults.max-rate").map(Double::valueOf);
    rate.ifPresent(given -> {
      if (!(given >= SubscribeOptions.MIN_RATE && given <= SubscribeOptions.MAX_RATE)) {
        throw Settings.wrong(
            name("defaults.max-rate"),
            given,
            "it must be from " + SubscribeOptions.MIN_RATE + " to " + SubscribeOptions.MAX_RATE);
      }
    });
    return rate.orElse(null);
  }

  private StartingPoint from(String text) {
    StartingPoint from = StartingPointText.read(text);
    if (from == null) {
      throw Settings.wrong(name("defaults.from"), text, "it must be " + StartingPointText.ALLOWED);
    }
    return from;
  }

  private boolean flag(String setting, boolean otherwise) {
    return text(setting).map(Boolean::parseBoolean).orElse(otherwise);
  }

  private <T> Optional<T> word(String setting, T[] values, Function<T, String> word) {
    return text(setting).map(text -> word(setting, text, values, word));
  }

  private <T> Optional<Set<T>> words(String setting, T[] values, Function<T, String> word) {
    return list(setting)
        .map(texts ->
            texts.stream()
                .map(text -> word(setting, text, values, word))
                .collect(Collectors.toCollection(LinkedHashSet::new)));
  }

  private <T> T word(String setting, String text, T[] values, Function<T, String> word) {
    return Arrays.stream(values)
        .filter(value -> word.apply(value).equals(text))
        .findFirst()
        .orElseThrow(() ->
            Settings.wrong(
                name(setting),
                text,
                "there are " + Arrays.stream(values).map(word).collect(Collectors.joining(", "))));
  }

  private Optional<String> text(String setting) {
    return value(name(setting)).map(String::valueOf);
  }

  /** A list of a file, or a text with commas. */
  private Optional<List<String>> list(String setting) {
    return value(name(setting))
        .map(value ->
            value instanceof Collection<?> items
                ? items.stream().map(String::valueOf).toList()
                : items(String.valueOf(value)));
  }

  private static List<String> items(String text) {
    return text.isBlank()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
  }

  private Optional<Object> value(String name) {
    return environment.getProperty(name, Object.class);
  }

  private String name(String setting) {
    return ChannelSettingName.PREFIX + label + "." + setting;
  }
}
