package io.sluice.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the baselines' processes have in common: how they are told what, and how they answer. */
final class ServerProcess {
  /** The line that tells the port. */
  static final Pattern SAYS_PORT = Pattern.compile("^port (\\d+)");

  private ServerProcess() {}

  /** The arguments from {@code first} on, each {@code name=number}. */
  static Map<String, Integer> pairs(String[] args, int first) {
    return Arrays.stream(args)
        .skip(first)
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> Integer.parseInt(pair[1])));
  }

  /** Says that it serves. */
  static void sayPort(int port) {
    System.out.println("port " + port);
  }

  /** Hands on each line of standard input, as words, until that ends. */
  static void readCommands(Consumer<String[]> taker) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      taker.accept(line.trim().split(" "));
    }
  }
}
