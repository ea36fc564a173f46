package io.sluice.app;

import io.micronaut.context.env.Environment;
import jakarta.inject.Singleton;
import java.net.BindException;

/** Where the gateway listens ({@code micronaut.server.*}), and what is said when it cannot. */
@Singleton
final class ServerAddress {
  private static final String PORT = "micronaut.server.port";
  private static final String HOST = "micronaut.server.host";
  private static final int MAX_PORT = 65_535;

  private final String host;
  private final String port;

  /**
   * @throws SettingException where the port is none
   */
  ServerAddress(Environment environment) {
    this.host = environment.getProperty(HOST, String.class).orElse("");
    this.port = environment.getProperty(PORT, String.class).orElse("8080");
    if (!port.equals("-1") && !(port.matches("\\d{1,5}") && Integer.parseInt(port) <= MAX_PORT)) {
      throw Settings.wrong(
          PORT, port, "it must be a port from 0 to " + MAX_PORT + ", or -1 for any free one");
    }
  }

  /** What to say of {@code failure}, by which the server could not listen there. */
  SettingException unusable(BindException failure) {
    String why = String.valueOf(failure.getMessage());
    if (why.contains("in use")) {
      return new SettingException(
          "port "
              + port
              + (host.isEmpty() ? "" : " of " + host)
              + " is taken; set MICRONAUT_SERVER_PORT ("
              + PORT
              + ") to a free one, or to -1 for any.");
    }
    if (why.contains("assign")) {
      return new SettingException(
          host
              + " is no address of this machine; set MICRONAUT_SERVER_HOST ("
              + HOST
              + ") to one, or to 0.0.0.0 for all.");
    }
    return new SettingException(
        "port "
            + port
            + " cannot be opened ("
            + why
            + "); set MICRONAUT_SERVER_PORT ("
            + PORT
            + ") to another.");
  }
}
