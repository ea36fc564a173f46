package io.sluice.app;

import io.micronaut.context.BeanContext;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Property;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.inject.BeanDefinition;
import io.micronaut.inject.qualifiers.Qualifiers;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All settings {@code sluice.*} that there are: what the configuration records declare, and nothing
 * beside. A record that is not on the class path (the embedded broker's, in production) is not
 * among them.
 */
@Singleton
final class KnownSettings {
  /** All of them begin with it. */
  static final String PREFIX = "sluice.";

  private final Map<String, KnownSetting> byName = new TreeMap<>();
  private final List<BeanDefinition<?>> records = new ArrayList<>();
  private final BeanContext beans;

  KnownSettings(BeanContext beans) {
    this.beans = beans;
    for (BeanDefinition<?> definition :
        beans.getBeanDefinitions(Qualifiers.byStereotype(ConfigurationProperties.class))) {
      List<KnownSetting> declared = declaredBy(definition).toList();
      declared.forEach(setting -> byName.put(setting.name(), setting));
      if (!declared.isEmpty()) {
        records.add(definition);
      }
    }
  }

  private static Stream<KnownSetting> declaredBy(BeanDefinition<?> record) {
    return Arrays.stream(record.getConstructor().getArguments())
        .flatMap(argument ->
            argument
                .getAnnotationMetadata()
                .stringValue(Property.class, "name")
                .filter(name -> name.startsWith(PREFIX))
                .map(name ->
                    new KnownSetting(
                        name,
                        argument.getType(),
                        argument
                            .getAnnotationMetadata()
                            .stringValue(Bindable.class, "defaultValue")
                            .orElse("")))
                .stream());
  }

  /** Each of them, by name. */
  Map<String, KnownSetting> byName() {
    return Map.copyOf(byName);
  }

  /** Makes every record, of which each checks its ranges. */
  void checkRanges() {
    records.forEach(beans::getBean);
  }

  /** The name of the one that is most like {@code wanted}, unless none is like it at all. */
  Optional<KnownSetting> nearest(String wanted) {
    return NearestName.to(wanted, byName.keySet()).map(byName::get);
  }
}
