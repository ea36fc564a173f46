package io.sluice.app;

import io.micronaut.context.ApplicationContext;

/** Lets tests of other rooms start the gateway inside of their own JVM. */
public final class InProcess {
  private InProcess() {}

  /** Starts a gateway; {@code arguments} are settings such as {@code --micronaut.server.port=-1}. */
  public static ApplicationContext start(String... arguments) {
    return Sluice.start(arguments);
  }

  /** Drains and stops it, as SIGTERM does. */
  public static void stop(ApplicationContext gateway) {
    Sluice.stop(gateway);
  }
}
