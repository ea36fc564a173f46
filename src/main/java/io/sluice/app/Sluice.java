package io.sluice.app;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.exceptions.BeanContextException;
import io.micronaut.http.server.exceptions.ServerStartupException;
import io.micronaut.runtime.server.EmbeddedServer;
import io.sluice.logging.ProcessLog;
import io.sluice.transport.WebSocketTransport;
import java.net.BindException;
import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the gateway, and stops it in order when the process is told to end. */
public final class Sluice {
  private static final Logger LOG = LoggerFactory.getLogger(Sluice.class);

  /** How long the last lines may take to be read before the process ends. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private Sluice() {}

  /** Runs until the process is told to end; exits with 1 when it cannot start. */
  public static void main(String[] args) {
    try {
      LogFormat.check(System.getenv(LogFormat.VARIABLE));
    } catch (SettingException e) {
      System.err.println("Sluice cannot start: " + e.getMessage()); // no log is configured
      System.exit(1);
    }
    try {
      ApplicationContext context = start(args);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(context), "sluice-stop"));
    } catch (RuntimeException e) {
      LOG.error("Sluice cannot start: {}", reason(e));
      LOG.debug("Sluice cannot start", e);
      ProcessLog.flush(LAST_WORDS);
      System.exit(1);
    }
  }

  /** Starts a gateway; its server is there and serves when this returns. */
  public static ApplicationContext start(String... args) {
    long began = System.nanoTime();
    ApplicationContext context =
        ApplicationContext.builder()
            .args(args)
            .environments(environments())
            .deduceEnvironment(false)
            .build();
    try {
      context.start();
      EmbeddedServer server = open(context);
      context.getBean(WebSocketTransport.class).onListening();
      long millis = (System.nanoTime() - began) / 1_000_000;
      StartBanner.of(context, server, millis).say(LOG, LogFormat.isJson());
      return context;
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
  }

  /** Drains, then stops the server and everything behind it. */
  public static void stop(ApplicationContext context) {
    try {
      context.getBean(Drain.class).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // told to hurry: the server closes what is left
    } finally {
      context.close();
      ProcessLog.flush(LAST_WORDS);
    }
  }

  private static String[] environments() {
    return isDevelopment() ? new String[] {"development"} : new String[0];
  }

  /**
   * Whether the development parts are on the class path: the production artifact does not have
   * them.
   */
  private static boolean isDevelopment() {
    return Sluice.class.getClassLoader().getResource("io/sluice/embedded/EmbeddedKafka.class")
        != null;
  }

  /** The innermost sentence: the framework wraps it in how it came to it. */
  static String reason(Throwable failure) {
    Throwable cause = failure;
    @Nullable Throwable next = failure.getCause();
    while (next != null && (cause == failure || isWrapping(cause))) {
      cause = next;
      next = cause.getCause();
    }
    String sentence = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return cause instanceof ConfigException
        ? "Kafka's clients do not take a setting kafka.*: " + sentence
        : sentence;
  }

  /** Whether it says no more than that something else went wrong. */
  private static boolean isWrapping(Throwable cause) {
    return cause instanceof BeanContextException
        || cause instanceof KafkaException && !(cause instanceof ConfigException);
  }

  /** Opens the port; one that is taken is the most frequent mistake of all. */
  private static EmbeddedServer open(ApplicationContext context) {
    ServerAddress address = context.getBean(ServerAddress.class);
    try {
      return context.getBean(EmbeddedServer.class).start();
    } catch (ServerStartupException e) {
      if (e.getCause() instanceof BindException bind) {
        throw address.unusable(bind);
      }
      throw e;
    }
  }
}
