package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.naming.NameUtils;
import io.micronaut.inject.BeanDefinition;
import io.micronaut.inject.qualifiers.Qualifiers;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every setting can be given by the environment (PROTOCOL §8), and arrives where it is used. */
class EnvironmentVariablesTest {
  private static final Pattern NUMBER = Pattern.compile("^(\\d+)(.*)$");

  @Test
  void everySettingArrivesInItsRecord() throws ReflectiveOperationException {
    Map<String, KnownSetting> known;
    Map<String, Class<?>> types = new HashMap<>();
    try (ApplicationContext context = Configured.start()) {
      known = context.getBean(KnownSettings.class).byName();
    }
    Map<String, String> wanted = new TreeMap<>();
    Map<String, String> variables = new HashMap<>();
    known.forEach((name, setting) -> {
      wanted.put(name, other(setting));
      variables.put(setting.variable(), other(setting));
      types.put(name, setting.type());
    });
    try (ApplicationContext context = Configured.start(Configured.environment(variables))) {
      Map<String, Object> arrived = new TreeMap<>();
      for (BeanDefinition<?> definition :
          context.getBeanDefinitions(Qualifiers.byStereotype(ConfigurationProperties.class))) {
        if (definition.getBeanType().isRecord()
            && definition.getBeanType().getName().startsWith("io.sluice.")) {
          collect(definition, context, arrived);
        }
      }
      Map<String, Object> expected = new TreeMap<>();
      wanted.forEach((name, value) ->
          expected.put(
              name,
              context
                  .getConversionService()
                  .convertRequired(value, types.getOrDefault(name, String.class))));
      assertThat(arrived).containsExactlyInAnyOrderEntriesOf(expected);
    }
  }

  private static void collect(
      BeanDefinition<?> definition, ApplicationContext context, Map<String, Object> into)
      throws ReflectiveOperationException {
    String prefix =
        definition
            .stringValue(ConfigurationProperties.class, "value")
            .orElseThrow()
            .replaceFirst("\\.$", "");
    Object bean = context.getBean(definition);
    for (RecordComponent component : bean.getClass().getRecordComponents()) {
      component.getAccessor().setAccessible(true);
      into.put(
          prefix + "." + NameUtils.hyphenate(component.getName()),
          component.getAccessor().invoke(bean));
    }
  }

  /** Something that is allowed and not the default. */
  private static String other(KnownSetting setting) {
    if (setting.type() == boolean.class) {
      return Boolean.toString(!Boolean.parseBoolean(setting.defaultValue()));
    }
    Matcher number = NUMBER.matcher(setting.defaultValue());
    if (number.matches()) {
      return Long.parseLong(number.group(1)) + 1 + number.group(2);
    }
    return switch (setting.name()) {
      case "sluice.channels-by-topic" -> "true";
      case "sluice.websocket.allowed-origins" -> "https://shop.example";
      case "sluice.embedded-kafka.directory" -> "elsewhere";
      default -> throw new AssertionError("The test knows no other value for " + setting);
    };
  }
}
