package io.sluice.app;

import io.micronaut.context.env.Environment;
import io.micronaut.core.naming.NameUtils;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses a start whose settings {@code sluice.*} are not all known and readable: a misspelt limit
 * must not be a limit that silently is not there.
 */
@Singleton
final class StrictSettings {
  /** What the start script and the logs read; they are no settings of the gateway. */
  private static final Set<String> OTHER_VARIABLES = Set.of("SLUICE_JAVA_OPTS", LogFormat.VARIABLE);

  /** The embedded broker's: one file serves both runs, so production leaves them alone. */
  private static final String DEVELOPMENT = "sluice.embedded-kafka.";

  private final KnownSettings known;

  /**
   * @throws SettingException with one sentence about the first one that is wrong
   */
  StrictSettings(KnownSettings known, Environment environment) {
    this.known = known;
    for (GivenName name : GivenName.in(environment)) {
      if (name.isVariable()) {
        checkVariable(name);
      } else {
        checkName(name, environment);
      }
    }
    known.byName().values().forEach(setting -> checkValue(setting, environment));
    known.checkRanges();
  }

  private void checkVariable(GivenName given) {
    String name = given.variable();
    if (!name.startsWith("SLUICE_")
        || OTHER_VARIABLES.contains(name)
        || known.byName().values().stream().anyMatch(it -> it.variable().equals(name))
        || isDevelopment(name, "SLUICE_EMBEDDED_KAFKA_")
        || ServiceLinks.isOfSluice(name)
        || given.ofChannel().isPresent()) {
      return;
    }
    // Word by word it is one of the known ones or near it, but where its dots were nobody knows.
    Optional<KnownSetting> nearest =
        known.nearest(
            name.toLowerCase(Locale.ROOT)
                .replaceFirst("_", ".")
                .replaceFirst("_", ".")
                .replace('_', '-'));
    throw unknown(given.text(), nearest.map(KnownSetting::variable));
  }

  private void checkName(GivenName given, Environment environment) {
    String name = NameUtils.hyphenate(given.property(), true);
    if (!(name + ".").startsWith(KnownSettings.PREFIX)
        || known.byName().containsKey(name)
        || isDevelopment(name, DEVELOPMENT)
        || given.ofChannel().isPresent()) {
      return;
    }
    if (isEmptySection(name, environment)) {
      return;
    }
    if (name.equals("sluice.channels")) {
      throw new SettingException(
          "sluice.channels is a list or a single value; it must be a section for each channel, with a"
              + " label of your own: sluice.channels.prices.topics.");
    }
    throw unknown(given.text(), known.nearest(name).map(KnownSetting::name));
  }

  /** A section with nothing in it says nothing. */
  private boolean isEmptySection(String name, Environment environment) {
    String section = name + ".";
    if (!section.equals("sluice.channels.")
        && !section.equals(DEVELOPMENT)
        && known.byName().keySet().stream().noneMatch(it -> it.startsWith(section))) {
      return false;
    }
    Object value = environment.getProperty(name, Object.class).orElse("");
    return value.equals("") || value instanceof Map<?, ?> map && map.isEmpty();
  }

  /** Whether it belongs to a run which this artifact cannot make. */
  private boolean isDevelopment(String name, String prefix) {
    return name.startsWith(prefix)
        && known.byName().keySet().stream().noneMatch(it -> it.startsWith(DEVELOPMENT));
  }

  /** What is said of a name that is none; its value may be a secret and is not repeated. */
  static SettingException unknown(String name, Optional<String> nearest) {
    return new SettingException(
        name
            + " is not a setting of Sluice; "
            + nearest
                .map(it -> "did you mean " + it + "?")
                .orElse("docs/configuration.md lists those that there are."));
  }

  private static void checkValue(KnownSetting setting, Environment environment) {
    environment
        .getProperty(setting.name(), Object.class)
        .map(String::valueOf)
        .ifPresent(text ->
            setting
                .objection(text)
                .ifPresent(allowed -> {
                  throw Settings.wrong(setting.name(), text, allowed);
                }));
  }
}
