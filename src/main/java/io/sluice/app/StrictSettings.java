package io.sluice.app;

import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.PropertySource.PropertyConvention;
import io.micronaut.core.naming.NameUtils;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Refuses a start whose settings {@code sluice.*} are not all known and readable: a misspelt limit
 * must not be a limit that silently is not there.
 */
@Singleton
final class StrictSettings {
  /** What the start script and the logs read; they are no settings of the gateway. */
  private static final Set<String> OTHER_VARIABLES = Set.of("SLUICE_JAVA_OPTS", LogFormat.VARIABLE);

  /**
   * What Kubernetes and old container links put into the environment of every container beside a
   * service that is called sluice or sluice-something.
   */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "SLUICE_(\\w+_)?(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

  /** The embedded broker's: one file serves both runs, so production leaves them alone. */
  private static final String DEVELOPMENT = "sluice.embedded-kafka.";

  private final KnownSettings known;

  /**
   * @throws SettingException with one sentence about the first one that is wrong
   */
  StrictSettings(KnownSettings known, Environment environment) {
    this.known = known;
    for (PropertySource source : environment.getPropertySources()) {
      boolean isEnvironment = source.getConvention() == PropertyConvention.ENVIRONMENT_VARIABLE;
      for (String name : source) {
        if (isEnvironment) {
          checkVariable(name);
        } else {
          checkName(name);
        }
      }
    }
    known.byName().values().forEach(setting -> checkValue(setting, environment));
    known.checkRanges();
  }

  private void checkVariable(String variable) {
    String name = variable.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    if (!name.startsWith("SLUICE_")
        || OTHER_VARIABLES.contains(name)
        || known.byName().values().stream().anyMatch(it -> it.variable().equals(name))
        || isDevelopment(name, "SLUICE_EMBEDDED_KAFKA_")
        || SERVICE_LINK.matcher(name).matches()) {
      return;
    }
    // Word by word it is one of the known ones or near it, but where its dots were nobody knows.
    Optional<KnownSetting> nearest =
        known.nearest(
            name.toLowerCase(Locale.ROOT)
                .replaceFirst("_", ".")
                .replaceFirst("_", ".")
                .replace('_', '-'));
    throw unknown(variable, nearest.map(KnownSetting::variable));
  }

  private void checkName(String given) {
    int list = given.indexOf('[');
    String name = NameUtils.hyphenate(list < 0 ? given : given.substring(0, list), true);
    if (!(name + ".").startsWith(KnownSettings.PREFIX)
        || known.byName().containsKey(name)
        || isDevelopment(name, DEVELOPMENT)) {
      return;
    }
    throw unknown(given, known.nearest(name).map(KnownSetting::name));
  }

  /** Whether it belongs to a run which this artifact cannot make. */
  private boolean isDevelopment(String name, String prefix) {
    return name.startsWith(prefix)
        && known.byName().keySet().stream().noneMatch(it -> it.startsWith(DEVELOPMENT));
  }

  private static SettingException unknown(String name, Optional<String> nearest) {
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
                  throw new SettingException(
                      setting.name() + " is \"" + text + "\"; " + allowed + ".");
                }));
  }
}
