package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.Broker;
import io.sluice.testing.ChildProcess;
import io.sluice.testing.GatewayProcess;
import io.sluice.testing.Swarm;
import io.sluice.testing.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What a connection holds that is subscribed to one feed and hears nothing: the objects of a
 * gateway's heap, counted class by class, before many connect and after (docs/benchmarks.md).
 */
class IdleConnectionIT {
  private static final int FEW = 200;
  private static final int MANY = 1_000;

  /** A sixth above what was measured, with Netty's NIO. */
  private static final int MOST_BYTES = 2_500;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");

  /** Objects of one class. */
  private record Objects(long count, long bytes) {
    static final Objects NONE = new Objects(0, 0);

    Objects and(Objects other) {
      return new Objects(count + other.count, bytes + other.bytes);
    }

    Objects since(Objects before) {
      return new Objects(count - before.count, bytes - before.bytes);
    }
  }

  @Test
  void anIdleConnectionIsSmallAndHoldsNothingOfTheHttpServer() {
    String topic = Broker.uniqueName("idle");
    new Topics(Broker.shared().bootstrapServers()).createNamed(topic, 1, Map.of());
    try (GatewayProcess gateway = GatewayProcess.start(Broker.shared());
        Swarm swarm = new Swarm()) {
      swarm.join(gateway.ws(), FEW, topic, "\"latest\"");
      Map<String, Objects> before = histogram(gateway);
      swarm.join(gateway.ws(), MANY, topic, "\"latest\"");
      Map<String, Objects> growth = new TreeMap<>();
      histogram(gateway)
          .forEach(
              (name, now) -> growth.put(name, now.since(before.getOrDefault(name, Objects.NONE))));

      assertThat(growth.values().stream().mapToLong(Objects::bytes).sum() / MANY)
          .as("bytes of heap of a connection; the largest: %s", largest(growth))
          .isLessThan(MOST_BYTES);
      assertThat(
              growth.entrySet().stream()
                  .filter(each -> each.getKey().matches("io\\.(micronaut|netty\\.handler)\\..*"))
                  .filter(each -> each.getValue().count() >= MANY / 2))
          .as("classes of HTTP of which each connection has one")
          .isEmpty();
    }
  }

  /** All that is reachable: the JVM collects garbage before it counts. */
  private static Map<String, Objects> histogram(GatewayProcess gateway) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
            Long.toString(gateway.pid()),
            "GC.class_histogram");
    try (ChildProcess jcmd = ChildProcess.start("jcmd", command)) {
      assertThat(jcmd.awaitExit(PATIENCE)).as("%s", jcmd).isZero();
      Map<String, Objects> all = new TreeMap<>();
      for (String line : jcmd.output()) {
        Matcher row = LINE.matcher(line);
        if (row.matches()) {
          Objects objects = new Objects(Long.parseLong(row.group(1)), Long.parseLong(row.group(2)));
          all.merge(row.group(3), objects, Objects::and);
        }
      }
      assertThat(all).containsKey("io.sluice.transport.WebSocketConnection");
      return all;
    }
  }

  private static String largest(Map<String, Objects> growth) {
    return growth.entrySet().stream()
        .sorted(Comparator.comparingLong((Map.Entry<String, Objects> e) -> -e.getValue().bytes()))
        .limit(25)
        .map(each -> each.getValue().bytes() / MANY + " B " + each.getKey())
        .collect(Collectors.joining(", "));
  }
}
