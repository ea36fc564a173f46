package io.sluice.app;

import io.micronaut.context.env.Environment;
import io.micronaut.core.naming.conventions.StringConvention;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.TreeMap;

/**
 * The settings {@code kafka.*}, by Kafka's own names: from files, and from the environment as
 * {@code KAFKA_…}.
 */
@Singleton
final class KafkaProperties {
  static final String BOOTSTRAP_SERVERS = "bootstrap.servers";

  private final Map<String, String> byName = new TreeMap<>();

  KafkaProperties(Environment environment) {
    environment
        .getProperties("kafka", StringConvention.RAW)
        .forEach((name, value) -> add("", name, value));
  }

  /**
   * Flattens nested sections; an environment variable is there under several spellings, all but one
   * with dashes.
   */
  private void add(String prefix, String name, Object value) {
    if (value instanceof Map<?, ?> section) {
      section.forEach((key, nested) -> add(prefix + name + ".", String.valueOf(key), nested));
    } else {
      byName.put((prefix + name).replace('-', '.').replace('_', '.'), String.valueOf(value));
    }
  }

  /** Whether the operator named brokers. */
  boolean namesBrokers() {
    return !byName.getOrDefault(BOOTSTRAP_SERVERS, "").isBlank();
  }

  /** All of them, without the prefix {@code kafka.}. */
  Map<String, String> byName() {
    return Map.copyOf(byName);
  }
}
