package io.sluice.kafka;

import static io.sluice.log.Isolation.READ_COMMITTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {
  private static final Map<String, String> BROKERS = Map.of("bootstrap.servers", "127.0.0.1:1");

  @Test
  void everySettingThatSluiceOwnsIsRefusedByNameWithAReason() {
    assertThat(KafkaClients.OWNED)
        .containsOnlyKeys(
            "group.id",
            "isolation.level",
            "enable.auto.commit",
            "auto.offset.reset",
            "key.serializer",
            "value.serializer",
            "key.deserializer",
            "value.deserializer",
            "acks",
            "enable.idempotence",
            "transactional.id",
            "max.block.ms");
    KafkaClients.OWNED.forEach((name, reason) ->
        assertThatIllegalArgumentException()
            .isThrownBy(() -> KafkaSettings.of(with(name, "x")))
            .withMessageContaining("kafka." + name)
            .withMessageContaining(reason));
  }

  @Test
  void missingBrokersAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KafkaSettings.of(Map.of()))
        .withMessageContaining("kafka.bootstrap.servers");
  }

  @Test
  void clientsAreToldApartByTheirIds() {
    KafkaClients clients = new KafkaClients(with("client.id", "gate-7"));
    assertThat(clients.liveProperties(READ_COMMITTED)).containsEntry("client.id", "gate-7-live");
    assertThat(clients.replayProperties(READ_COMMITTED, 1))
        .containsEntry("client.id", "gate-7-replay-1");
    assertThat(clients.producerProperties()).containsEntry("client.id", "gate-7-publisher");
    assertThat(clients.adminProperties("probe")).containsEntry("client.id", "gate-7-probe");
  }

  @Test
  void readersAreCommittedWithoutResetAndWithBoundedFetches() {
    KafkaClients clients = new KafkaClients(BROKERS);
    for (Map<String, Object> reader :
        List.of(
            clients.liveProperties(READ_COMMITTED), clients.replayProperties(READ_COMMITTED, 0))) {
      assertThat(reader)
          .containsEntry("isolation.level", "read_committed")
          .containsEntry("auto.offset.reset", "none")
          .containsEntry("allow.auto.create.topics", false)
          .containsEntry("metadata.recovery.strategy", "rebootstrap")
          .doesNotContainKey("group.id");
    }
    assertThat(clients.replayProperties(READ_COMMITTED, 0))
        .containsEntry("fetch.max.bytes", 262_144);
    assertThat(clients.liveProperties(READ_COMMITTED)).containsEntry("fetch.max.bytes", 4_194_304);
  }

  @Test
  void whatTheUserTunesReachesTheClientThatKnowsItOnly() {
    Map<String, String> user = new HashMap<>(BROKERS);
    user.put("linger.ms", "5");
    user.put("request.timeout.ms", "9000");
    user.put("fetch.max.bytes", "1000000");
    user.put("my.interceptor.colour", "blue");
    KafkaClients clients = new KafkaClients(user);
    assertThat(new KafkaClients(BROKERS).producerProperties())
        .containsEntry("linger.ms", 1)
        .containsEntry("batch.size", 32_768);
    assertThat(clients.producerProperties())
        .containsEntry("linger.ms", "5")
        .containsEntry("request.timeout.ms", "9000")
        .containsEntry("my.interceptor.colour", "blue")
        .doesNotContainKey("fetch.max.bytes");
    assertThat(clients.liveProperties(READ_COMMITTED))
        .containsEntry("fetch.max.bytes", "1000000")
        .doesNotContainKey("linger.ms");
    assertThat(clients.unknown()).containsExactly("my.interceptor.colour");
  }

  @Test
  void theLargestRequestIsTheUsersOrTwiceTheLargestRecord() {
    assertThat(new KafkaClients(BROKERS).maxRequestBytes()).isEqualTo(2 * 1024 * 1024);
    assertThat(new KafkaClients(with("max.request.size", "2000000")).maxRequestBytes())
        .isEqualTo(2_000_000);
  }

  private static Map<String, String> with(String name, String value) {
    Map<String, String> all = new HashMap<>(BROKERS);
    all.put(name, value);
    return all;
  }
}
