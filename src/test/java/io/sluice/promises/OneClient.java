package io.sluice.promises;

import io.sluice.testing.Gateway;
import io.sluice.testing.TestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Tests of one gateway, which their class starts with settings of its own, with a client that is
 * connected for each of them.
 */
abstract class OneClient {
  /** Set before all tests of a class, and closed after them. */
  @SuppressWarnings("NullAway.Init") // by the @BeforeAll of the class itself
  static Gateway gateway;

  TestClient client;

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void connect() {
    client = TestClient.connect(gateway.ws());
  }

  @AfterEach
  void disconnect() {
    client.close();
  }
}
