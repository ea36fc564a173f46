package io.sluice.app;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.exceptions.BeanContextException;
import io.micronaut.runtime.server.EmbeddedServer;
import io.sluice.kafka.KafkaSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the gateway, and stops it in order when the process is told to end. */
public final class Sluice {
  private static final Logger LOG = LoggerFactory.getLogger(Sluice.class);

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
      EmbeddedServer server = context.getBean(EmbeddedServer.class).start();
      LOG.info(
          "Sluice is ready after {} ms: {} reads Kafka at {}.",
          (System.nanoTime() - began) / 1_000_000,
          server.getURL(),
          context.getBean(KafkaSettings.class).properties().get(KafkaProperties.BOOTSTRAP_SERVERS));
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
    while (next != null && (cause == failure || cause instanceof BeanContextException)) {
      cause = next;
      next = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
