package io.sluice.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What is to be measured, from {@code -Dbench.…}.
 *
 * @param distribution the packed distribution whose gateway is measured
 * @param directory where the bench unpacks, installs and keeps the broker's data
 * @param scripts where the scripts for Node lie
 * @param scenarios ids of scenarios; empty: all
 * @param subjects names of subjects; empty: all
 * @param runs how often each subject is measured
 * @param warmSeconds how long a subject is warmed up before each run, at most
 * @param seconds about how long a run takes once everything stands
 * @param scale by which the number of sockets is multiplied: below 1 on a small machine
 */
record Options(
    Path distribution,
    Path directory,
    Path scripts,
    List<String> scenarios,
    List<String> subjects,
    int runs,
    int warmSeconds,
    int seconds,
    double scale) {
  /** Reads the system properties. */
  static Options fromProperties() {
    return new Options(
        Path.of(required("bench.distribution")),
        Path.of(required("bench.directory")),
        Path.of(required("bench.scripts")),
        list("bench.scenarios"),
        list("bench.subjects"),
        number("bench.runs", 5),
        number("bench.warm", 10),
        number("bench.seconds", 10),
        Double.parseDouble(System.getProperty("bench.scale", "1")));
  }

  private static String required(String name) {
    String value = System.getProperty(name, "");
    if (value.isEmpty()) {
      throw new IllegalArgumentException(name + " is not set; run ./mvnw -Pbench.");
    }
    return value;
  }

  private static List<String> list(String name) {
    return Arrays.stream(System.getProperty(name, "").split(","))
        .map(String::trim)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  private static int number(String name, int otherwise) {
    String value = System.getProperty(name, "");
    int number = value.isEmpty() ? otherwise : Integer.parseInt(value);
    if (number < 1) {
      throw new IllegalArgumentException(name + " is " + number + "; it must be at least 1.");
    }
    return number;
  }

  boolean wants(String subject) {
    return subjects.isEmpty() || subjects.contains(subject);
  }

  int scaled(int sockets) {
    return Math.max(10, (int) (sockets * scale));
  }
}
