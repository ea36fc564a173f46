package io.sluice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.testing.Broker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
  @Test
  void dataIsKeptOverARestartAlsoOnAnotherPort(@TempDir Path directory) throws Exception {
    String topic = Broker.uniqueName("kept");
    int firstPort;
    try (EmbeddedKafka first = EmbeddedKafka.start(new EmbeddedKafkaSettings(0, directory))) {
      firstPort = first.port();
      try (Admin admin = admin(first)) {
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
      }
    }
    try (EmbeddedKafka second = EmbeddedKafka.start(new EmbeddedKafkaSettings(0, directory))) {
      assertThat(second.port()).isNotEqualTo(firstPort);
      try (Admin admin = admin(second)) {
        assertThat(admin.listTopics().names().get()).contains(topic);
        assertThat(admin.describeCluster().nodes().get())
            .allMatch(node -> node.port() == second.port());
      }
    }
  }

  @Test
  void aTakenPortIsSteppedOver(@TempDir Path directory) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        EmbeddedKafka broker =
            EmbeddedKafka.start(new EmbeddedKafkaSettings(taken.getLocalPort(), directory))) {
      assertThat(broker.port())
          .isGreaterThan(taken.getLocalPort())
          .isLessThanOrEqualTo(taken.getLocalPort() + EmbeddedKafkaSettings.PORTS_TRIED);
      assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + broker.port());
    }
  }

  @Test
  void aDirectoryInUseIsRefusedWithASentence(@TempDir Path directory) {
    EmbeddedKafkaSettings settings = new EmbeddedKafkaSettings(0, directory);
    try (EmbeddedKafka broker = EmbeddedKafka.start(settings)) {
      assertThatThrownBy(() -> EmbeddedKafka.start(settings))
          .isInstanceOf(EmbeddedKafkaException.class)
          .hasMessageContaining("used by another process")
          .hasMessageContaining(broker.directory().toString());
      broker.close();
    }
  }

  @Test
  void aBrokenDirectoryIsRefusedWithASentence(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("meta.properties"), "version=1\nnode.id=nonsense\n");
    assertThatThrownBy(() -> EmbeddedKafka.start(new EmbeddedKafkaSettings(0, directory)))
        .isInstanceOf(EmbeddedKafkaException.class)
        .hasMessageContaining(directory.toString());
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsRefusedWithASentence(@TempDir Path directory)
      throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThatThrownBy(() -> EmbeddedKafka.start(new EmbeddedKafkaSettings(0, file)))
        .isInstanceOf(EmbeddedKafkaException.class)
        .hasMessageContaining("cannot be written");
  }

  @Test
  void unknownTopicsAreNotCreatedByAskingForThem() throws Exception {
    String name = Broker.uniqueName("never");
    try (Broker broker = Broker.own()) { // the shared one may be another's
      try (var producer = broker.topics().producer(Map.of("max.block.ms", 2000))) {
        assertThatThrownBy(() -> producer.partitionsFor(name)).isInstanceOf(Exception.class);
      }
      assertThat(broker.topics().names()).doesNotContain(name);
    }
  }

  private static Admin admin(EmbeddedKafka broker) {
    return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }
}
