package io.sluice.app;

import io.micronaut.context.env.Environment;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings {@code kafka.*}, by Kafka's own names: from files, arguments and, as {@code
 * KAFKA_…}, the environment; each by itself, so that a variable counts whatever a file says beside
 * it.
 */
@Singleton
final class KafkaProperties {
  static final String BOOTSTRAP_SERVERS = "bootstrap.servers";

  private static final String PREFIX = "kafka.";

  private final Map<String, String> byName = new TreeMap<>();

  KafkaProperties(Environment environment) {
    for (GivenName given : GivenName.in(environment)) {
      String name = name(given);
      boolean isLink = given.isVariable() && ServiceLinks.isOfKafka(given.variable());
      if (name.startsWith(PREFIX) && !isLink) {
        environment
            .getProperty(name, Object.class)
            .ifPresent(value -> byName.put(byKafka(name), text(value)));
      }
    }
  }

  private static String name(GivenName given) {
    return given.isVariable()
        ? given.variable().toLowerCase(Locale.ROOT).replace('_', '.')
        : given.property();
  }

  /** Kafka's own names have dots and nothing else. */
  private static String byKafka(String name) {
    return name.substring(PREFIX.length()).replace('-', '.').replace('_', '.');
  }

  private static String text(Object value) {
    return value instanceof Collection<?> items
        ? items.stream().map(String::valueOf).collect(Collectors.joining(","))
        : String.valueOf(value);
  }

  /** The setting by which this gateway's producer places keys its own way, if there is one. */
  Optional<String> partitioner() {
    return Stream.of("partitioner.class", "partitioner.ignore.keys")
        .filter(byName::containsKey)
        .findFirst()
        .map(name -> "kafka." + name);
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
