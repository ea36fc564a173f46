package io.sluice.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command of a gateway as it is shipped: its own log configuration, not that of the tests. */
final class ShippedSluice {
  private ShippedSluice() {}

  /** {@code main} with {@code arguments}, as a process that is still to be started. */
  static List<String> command(String logback, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xmx256m",
            "-Dlogback.configurationFile=" + logback,
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
