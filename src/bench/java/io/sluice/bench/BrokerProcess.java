package io.sluice.bench;

import io.sluice.embedded.EmbeddedKafka;
import io.sluice.embedded.EmbeddedKafkaSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The broker's process: says where it listens, and ends with its standard input. */
public final class BrokerProcess {
  /** What stands before the address. */
  static final String LISTENS = "broker listens at ";

  private BrokerProcess() {}

  /**
   * Runs it.
   *
   * @param args the folder for its data
   */
  public static void main(String[] args) throws IOException {
    try (EmbeddedKafka broker =
        EmbeddedKafka.start(new EmbeddedKafkaSettings(0, Path.of(args[0]), Map.of()))) {
      System.out.println(LISTENS + broker.bootstrapServers());
      while (System.in.read() >= 0) {
        // until whoever started it is gone
      }
    }
  }
}
