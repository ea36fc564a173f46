package io.sluice.app;

import com.sun.management.UnixOperatingSystemMXBean;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.sluice.kafka.KafkaLog;
import io.sluice.kafka.KafkaSettings;
import io.sluice.logging.LogKeys;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What a gateway that has just come up says about itself: where it listens, what it reads, what is
 * on, and the limits that matter.
 *
 * @param version of Sluice
 * @param java the version of Java
 * @param page where the page is
 * @param kafka where brokers are asked for
 * @param kafkaAnswered whether they answered; {@code null} where that is not known yet
 * @param enabled what is on that is off by default, and what the development run brings
 * @param limits the limits that matter, in words
 * @param millis how long the start took
 */
record StartBanner(
    String version,
    String java,
    URI page,
    String kafka,
    @Nullable Boolean kafkaAnswered,
    List<String> enabled,
    List<String> limits,
    long millis) {
  /** A broker that is there has answered by then; one that is not would take seconds. */
  private static final long PATIENCE_MILLIS = 800;

  private static final long MIB = 1024 * 1024;

  static StartBanner of(ApplicationContext context, EmbeddedServer server, long millis) {
    WebSocketConfiguration webSocket = context.getBean(WebSocketConfiguration.class);
    String version = Sluice.class.getPackage().getImplementationVersion();
    String brokers =
        context.getBean(KafkaSettings.class).properties().get(KafkaProperties.BOOTSTRAP_SERVERS);
    List<String> enabled = new ArrayList<>();
    Path data = context.findBean(LocalBroker.class).map(LocalBroker::directory).orElse(null);
    if (data != null) {
      enabled.add("a Kafka broker inside, its data in " + data);
    }
    if (webSocket.echoEnabled()) {
      enabled.add("/v1/echo");
    }
    return new StartBanner(
        version == null ? "from a build folder" : version,
        Runtime.version().toString(),
        URI.create(server.getURL().toString()),
        String.valueOf(brokers),
        answered(context.getBean(KafkaLog.class)),
        enabled,
        limits(context, webSocket),
        millis);
  }

  /** Null where nobody knows yet. */
  private static @Nullable Boolean answered(KafkaLog log) {
    try {
      return log.availability()
          .first()
          .toCompletableFuture()
          .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException notYet) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private static List<String> limits(ApplicationContext context, WebSocketConfiguration webSocket) {
    RelayConfiguration relay = context.getBean(RelayConfiguration.class);
    SessionConfiguration session = context.getBean(SessionConfiguration.class);
    List<String> limits = new ArrayList<>();
    limits.add("heap " + mebibytes(Runtime.getRuntime().maxMemory()));
    limits.add("windows " + mebibytes(relay.windowBytes()));
    limits.add("a record " + mebibytes(relay.maxRecordBytes()));
    limits.add("a message " + mebibytes(webSocket.maxMessageBytes()));
    limits.add(session.maxSubscriptions() + " subscriptions a connection");
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      limits.add(unix.getMaxFileDescriptorCount() + " open files");
    }
    return limits;
  }

  private static String mebibytes(long bytes) {
    return bytes % MIB == 0
        ? bytes / MIB + " MiB"
        : String.format(Locale.ROOT, "%.2f MiB", (double) bytes / MIB);
  }

  /** Says it: for people in a few lines, for programs in one event with keys. */
  void say(Logger log, boolean asOne) {
    if (asOne) {
      log.atInfo()
          .addKeyValue(LogKeys.VERSION, version)
          .addKeyValue(LogKeys.JAVA, java)
          .addKeyValue(LogKeys.PAGE, page)
          .addKeyValue(LogKeys.CLIENTS, clients())
          .addKeyValue(LogKeys.KAFKA, kafka)
          .addKeyValue(LogKeys.KAFKA_ANSWERED, kafkaAnswered)
          .addKeyValue(LogKeys.ENABLED, String.join("; ", enabled))
          .addKeyValue(LogKeys.LIMITS, String.join("; ", limits))
          .addKeyValue(LogKeys.MILLIS, millis)
          .log(ready());
    } else {
      lines().forEach(line -> log.info("{}", line));
    }
  }

  /** The lines for people; the last one tells that it is ready, and where. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("Sluice " + version + ", Java " + java);
    lines.add("  page     " + page);
    lines.add("  clients  " + clients());
    lines.add("  Kafka    " + kafka + ", which " + answer());
    if (!enabled.isEmpty()) {
      lines.add("  on       " + String.join("; ", enabled));
    }
    lines.add("  limits   " + String.join("; ", limits));
    lines.add(ready());
    return lines;
  }

  /** Tests and scripts read the address out of it. */
  private String ready() {
    return "Sluice is ready after " + millis + " ms: " + page + " reads Kafka at " + kafka + ".";
  }

  private URI clients() {
    String scheme = "https".equals(page.getScheme()) ? "wss" : "ws";
    return URI.create(scheme + "://" + page.getAuthority() + "/v1/ws");
  }

  private String answer() {
    return kafkaAnswered == null
        ? "has not answered yet"
        : kafkaAnswered ? "answers" : "does not answer";
  }
}
