package io.sluice.app;

import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.PropertySource.PropertyConvention;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The name of a setting as it was given. A variable of the environment has lost its dots and
 * dashes, and the framework tries all of them: only here it is known what was written.
 *
 * @param text as it stands there
 * @param isVariable whether it stands in the environment; else in a file, an argument or a system
 *     property
 */
record GivenName(String text, boolean isVariable) {
  /** All that were given, whomever they belong to. */
  static List<GivenName> in(Environment environment) {
    List<GivenName> names = new ArrayList<>();
    for (PropertySource source : environment.getPropertySources()) {
      boolean isVariable = source.getConvention() == PropertyConvention.ENVIRONMENT_VARIABLE;
      source.forEach(name -> names.add(new GivenName(name, isVariable)));
    }
    return names;
  }

  /** The variable as one writes it: {@code SLUICE_WEBSOCKET_HEARTBEAT}. */
  String variable() {
    return text.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** The name without the place in a list that stands behind it in brackets. */
  String property() {
    int list = text.indexOf('[');
    return list < 0 ? text : text.substring(0, list);
  }

  /**
   * Which channel's setting it is; empty where it is about something else.
   *
   * @throws SettingException where it begins like one and is none
   */
  Optional<ChannelSettingName> ofChannel() {
    if (isVariable) {
      return ChannelSettingName.ofVariable(variable());
    }
    return property().startsWith(ChannelSettingName.PREFIX)
        ? Optional.of(ChannelSettingName.of(property()))
        : Optional.empty();
  }
}
