package io.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.AbstractPropertySourceLoader;
import io.micronaut.context.env.CommandLinePropertySource;
import io.micronaut.context.env.EnvironmentPropertySource;
import io.micronaut.context.env.MapPropertySource;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.PropertySource.PropertyConvention;
import io.micronaut.context.env.yaml.YamlPropertySourceLoader;
import io.micronaut.core.cli.CommandLine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Starts what a configuration makes, without its server, on brokers that are not there. */
final class Configured {
  private static final int LEAST_POSITION = -10_000;

  private Configured() {}

  /** What a file says. */
  static PropertySource file(String yaml) {
    try {
      return PropertySource.of(
          "file",
          new YamlPropertySourceLoader()
              .read("file", new ByteArrayInputStream(yaml.getBytes(UTF_8))),
          AbstractPropertySourceLoader.DEFAULT_POSITION);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the environment says. */
  static PropertySource environment(Map<String, String> variables) {
    return new MapPropertySource("environment", variables) {
      @Override
      public int getOrder() {
        return EnvironmentPropertySource.POSITION;
      }

      @Override
      public PropertyConvention getConvention() {
        return PropertyConvention.ENVIRONMENT_VARIABLE;
      }
    };
  }

  /** What stands behind the command. */
  static PropertySource arguments(String... arguments) {
    return new CommandLinePropertySource(CommandLine.parse(arguments));
  }

  /** A context with these sources and what they leave open; the caller closes it. */
  static ApplicationContext start(PropertySource... sources) {
    return ApplicationContext.builder()
        .propertySources(sources)
        .propertySources(
            PropertySource.of(
                "brokers", Map.of("kafka.bootstrap.servers", "127.0.0.1:1"), LEAST_POSITION))
        .start();
  }

  /** The one sentence with which such a start ends. */
  static String refusal(PropertySource... sources) {
    try (ApplicationContext context = start(sources)) {
      throw new AssertionError("It started with " + List.of(sources) + ": " + context);
    } catch (RuntimeException e) {
      return Sluice.reason(e);
    }
  }
}
