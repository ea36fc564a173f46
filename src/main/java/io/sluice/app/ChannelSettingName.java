package io.sluice.app;

import io.micronaut.core.naming.NameUtils;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a setting of one channel, {@code sluice.channels.<label>.<setting>}, as it stands in
 * a file, an argument or the environment.
 *
 * @param label what the operator calls the channel
 * @param setting which of {@link #KNOWN}
 */
record ChannelSettingName(String label, String setting) {
  /** All of them begin with it. */
  static final String PREFIX = "sluice.channels.";

  private static final String VARIABLE_PREFIX = "SLUICE_CHANNELS_";

  /** No channel's setting, though it begins like one. */
  private static final String BY_TOPIC = "SLUICE_CHANNELS_BY_TOPIC";

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  /** What a channel has; {@code <label>} stands for the operator's own. */
  static final List<KnownSetting> KNOWN =
      List.of(
          known("name", String.class, "the label"),
          known("topics", List.class, "none"),
          known("key", String.class, "none"),
          known("key-partitioned", boolean.class, "false"),
          known("modes", List.class, "broadcast"),
          known("subscribe", boolean.class, "true"),
          known("publish", boolean.class, "true"),
          known("formats", List.class, "json,cbor,raw"),
          known("max-record-bytes", int.class, "1048576"),
          known("isolation", String.class, "read_committed"),
          known("defaults.from", String.class, "latest"),
          known("defaults.overflow", String.class, "replay"),
          known("defaults.value", String.class, "auto"),
          known("defaults.credit", long.class, "none"),
          known("defaults.max-rate", double.class, "none"),
          known("defaults.fields", List.class, "none"));

  private static final List<String> SETTINGS =
      KNOWN.stream().map(known -> known.name().replaceFirst(".*<label>\\.", "")).toList();

  private static KnownSetting known(String setting, Class<?> type, String defaultValue) {
    return new KnownSetting(PREFIX + "<label>." + setting, type, defaultValue);
  }

  /**
   * Reads a name that begins with {@link #PREFIX}; a list's index is not part of it.
   *
   * @throws SettingException where it is none of a channel's
   */
  static ChannelSettingName of(String property) {
    int end = property.indexOf('.', PREFIX.length());
    if (end < 0) {
      throw new SettingException(
          property
              + " is no setting; a channel is a section of them, such as "
              + property
              + ".topics.");
    }
    String label = label(property.substring(PREFIX.length(), end), property);
    String setting = NameUtils.hyphenate(property.substring(end + 1), true);
    if (SETTINGS.contains(setting)) {
      return new ChannelSettingName(label, setting);
    }
    for (String known : SETTINGS) {
      if (setting.startsWith(known + ".")) {
        throw new SettingException(
            PREFIX
                + label
                + "."
                + known
                + " is a section; in YAML a text that begins with a brace stands in quotes.");
      }
    }
    throw StrictSettings.unknown(
        property, NearestName.to(setting, SETTINGS).map(near -> PREFIX + label + "." + near));
  }

  /**
   * Reads the name of a variable, in which nobody can see where the label ends: the longest setting
   * at its end counts. Empty where it is not about a channel.
   *
   * @param variable in upper case
   * @throws SettingException where it begins like one and is none
   */
  static Optional<ChannelSettingName> ofVariable(String variable) {
    if (!variable.startsWith(VARIABLE_PREFIX) || variable.equals(BY_TOPIC)) {
      return Optional.empty();
    }
    String rest = variable.substring(VARIABLE_PREFIX.length());
    return SETTINGS.stream()
        .filter(setting -> rest.endsWith("_" + inVariable(setting)))
        .max(Comparator.comparingInt(String::length))
        .map(setting -> {
          String label = rest.substring(0, rest.length() - inVariable(setting).length() - 1);
          return new ChannelSettingName(
              label(label.toLowerCase(Locale.ROOT).replace('_', '-'), variable), setting);
        })
        .or(() -> {
          throw StrictSettings.unknown(variable, nearestVariable(rest));
        });
  }

  private static Optional<String> nearestVariable(String rest) {
    int label = rest.indexOf('_');
    return label < 0
        ? Optional.empty()
        : NearestName.to(
                rest.substring(label + 1),
                SETTINGS.stream().map(ChannelSettingName::inVariable).toList())
            .map(near -> VARIABLE_PREFIX + rest.substring(0, label + 1) + near);
  }

  private static String label(String label, String given) {
    if (label.equals("by")) {
      throw new SettingException(
          given + " is not a setting of Sluice; did you mean sluice.channels-by-topic?");
    }
    if (!LABEL.matcher(label).matches()) {
      throw new SettingException(
          given
              + " is not a setting of Sluice; the label of a channel, here \""
              + label
              + "\", consists of lower-case letters and digits, with single dashes between.");
    }
    return label;
  }

  private static String inVariable(String setting) {
    return setting.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** Its full name. */
  @Override
  public String toString() {
    return PREFIX + label + "." + setting;
  }
}
