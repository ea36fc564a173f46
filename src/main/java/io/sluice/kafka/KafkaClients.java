package io.sluice.kafka;

import io.sluice.log.Isolation;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;

/**
 * Makes the Kafka clients of this instance: the user's settings over defaults that suit a gateway,
 * under the settings that Sluice owns.
 */
final class KafkaClients {
  /** Settings that nobody but Sluice decides, each with the reason. */
  static final Map<String, String> OWNED =
      Map.ofEntries(
          Map.entry(
              "group.id", "a broadcast reader has no group, and groups are named by subscriptions"),
          Map.entry(
              "isolation.level",
              "the isolation of a channel decides: sluice.channels.<label>.isolation"),
          Map.entry(
              "enable.auto.commit",
              "positions are held by clients, or committed as they acknowledge"),
          Map.entry(
              "auto.offset.reset", "a lost offset is told as a gap, never skipped in silence"),
          Map.entry("key.serializer", "records are written as the bytes that were published"),
          Map.entry("value.serializer", "records are written as the bytes that were published"),
          Map.entry("key.deserializer", "records are relayed as the bytes that are stored"),
          Map.entry("value.deserializer", "records are relayed as the bytes that are stored"),
          Map.entry("acks", "published means acknowledged by all in-sync replicas"),
          Map.entry(
              "enable.idempotence", "retries inside the producer must not duplicate or reorder"),
          Map.entry(
              "transactional.id", "it is made from the instance's name, so that a restart fences"),
          Map.entry("max.block.ms", "one unknown topic must not hold up all publishers"));

  /**
   * The clients give up on a request after 5 s: with one retry that is still inside the publish
   * limit of 15 s.
   */
  static final int REQUEST_TIMEOUT_MS = 5_000;

  /** A replay slice, and so what a replay consumer prefetches. */
  static final int SLICE_BYTES = 256 * 1024;

  /**
   * Twice what the gateway takes as a record by default: Kafka's limit counts its own framing too,
   * so an equal one would refuse records that were promised.
   */
  private static final int DEFAULT_MAX_REQUEST_BYTES = 2 * 1024 * 1024;

  private static final String DEFAULT_CLIENT_ID = "sluice";

  private final Map<String, String> user;

  KafkaClients(Map<String, String> user) {
    this.user = Map.copyOf(user);
  }

  /**
   * Throws when {@code properties} has a setting of {@link #OWNED}; the message names it and says
   * why.
   */
  static void refuseOwned(Map<String, String> properties) {
    for (String name : new TreeMap<>(properties).keySet()) {
      String reason = OWNED.get(name);
      if (reason != null) {
        throw new IllegalArgumentException(
            "kafka." + name + " cannot be set: Sluice owns it, because " + reason + ".");
      }
    }
  }

  /**
   * The user's settings that no Kafka client knows; they are handed on all the same, to plug-ins
   * that may.
   */
  Set<String> unknown() {
    Map<String, String> unknown = new TreeMap<>(user);
    unknown.keySet().removeIf(name -> knownToAny(name));
    return unknown.keySet();
  }

  Admin admin() {
    return Admin.create(adminProperties("admin"));
  }

  /**
   * An Admin that tries to connect again four times a second, because the probe's news is wanted
   * soon.
   */
  Admin probeAdmin() {
    Map<String, Object> p = adminProperties("probe");
    p.put("reconnect.backoff.max.ms", 250);
    return Admin.create(p);
  }

  Consumer<ByteBuffer, ByteBuffer> liveConsumer(Isolation isolation) {
    return new KafkaConsumer<>(
        liveProperties(isolation), new ByteBufferDeserializer(), new ByteBufferDeserializer());
  }

  Consumer<ByteBuffer, ByteBuffer> replayConsumer(Isolation isolation, int number) {
    return new KafkaConsumer<>(
        replayProperties(isolation, number),
        new ByteBufferDeserializer(),
        new ByteBufferDeserializer());
  }

  Producer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        producerProperties(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * The largest request that the producer sends, and with it the largest record and its framing, in
   * bytes.
   */
  int maxRequestBytes() {
    String set = user.get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
    return set == null ? DEFAULT_MAX_REQUEST_BYTES : Integer.parseInt(set.trim());
  }

  Map<String, Object> adminProperties(String role) {
    Map<String, Object> p = common(role);
    p.put("default.api.timeout.ms", REQUEST_TIMEOUT_MS);
    return withUser(p, AdminClientConfig.configNames(), role);
  }

  Map<String, Object> liveProperties(Isolation isolation) {
    String role = role("live", isolation);
    Map<String, Object> p = common(role);
    // One fetch per broker is buffered: 4 MiB bound what a poll and its prefetch hold (the default
    // is 50 MiB).
    p.put("fetch.max.bytes", 4 * 1024 * 1024);
    p.put("max.partition.fetch.bytes", 1024 * 1024);
    p.put("max.poll.records", 1_000);
    // A partition that is read anew waits for the fetch that is under way, and that one waits this
    // long for a record.
    p.put("fetch.max.wait.ms", 100);
    return consumer(p, role, isolation);
  }

  Map<String, Object> replayProperties(Isolation isolation, int number) {
    String role = role("replay", isolation) + "-" + number;
    Map<String, Object> p = common(role);
    p.put("fetch.max.bytes", SLICE_BYTES);
    p.put("max.partition.fetch.bytes", SLICE_BYTES);
    p.put("max.poll.records", 2_000);
    p.put("fetch.max.wait.ms", 100);
    return consumer(p, role, isolation);
  }

  /** What a reader's threads and clients are called: {@code live}, {@code live-uncommitted}. */
  static String role(String what, Isolation isolation) {
    return switch (isolation) {
      case READ_COMMITTED -> what;
      case READ_UNCOMMITTED -> what + "-uncommitted";
    };
  }

  Map<String, Object> producerProperties() {
    Map<String, Object> p = common("publisher");
    p.put("delivery.timeout.ms", 15_000);
    p.put("linger.ms", 1);
    // Five requests are on their way to a broker at once: of 32 KiB (the default is 16) they hold
    // about 800 records of 200 B, and a broker takes a batch of twice the size for little more. The
    // buffer holds, as with Kafka's own sizes, an open batch for each of 2,048 partitions.
    p.put("batch.size", 32 * 1024);
    p.put("buffer.memory", 64L * 1024 * 1024);
    // The producer asks for the topics that it knows so that brokers may create them: it is to know
    // few. The least.
    p.put("metadata.max.idle.ms", 5_000);
    p.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DEFAULT_MAX_REQUEST_BYTES);
    Map<String, Object> all = withUser(p, ProducerConfig.configNames(), "publisher");
    all.put("acks", "all");
    all.put("enable.idempotence", true);
    all.put("max.block.ms", 50);
    return all;
  }

  private Map<String, Object> consumer(
      Map<String, Object> defaults, String role, Isolation isolation) {
    defaults.put("default.api.timeout.ms", REQUEST_TIMEOUT_MS);
    Map<String, Object> p = withUser(defaults, ConsumerConfig.configNames(), role);
    p.put("isolation.level", isolation.word());
    p.put("auto.offset.reset", "none");
    p.put("enable.auto.commit", false);
    p.put("allow.auto.create.topics", false);
    return p;
  }

  /** Tuned so that a client is back within three seconds after the brokers are. */
  private static Map<String, Object> common(String role) {
    Map<String, Object> p = new HashMap<>();
    p.put("request.timeout.ms", REQUEST_TIMEOUT_MS);
    p.put("metadata.max.age.ms", 10_000);
    p.put("metadata.recovery.strategy", "rebootstrap");
    p.put("reconnect.backoff.ms", 50);
    p.put("reconnect.backoff.max.ms", 1_000);
    p.put("retry.backoff.ms", 50);
    p.put("retry.backoff.max.ms", 1_000);
    // A connect that a dead network swallowed ends after 1.5 s, the pause before the next lasts 1.2
    // s: together 2.7 s.
    p.put("socket.connection.setup.timeout.ms", 1_000);
    p.put("socket.connection.setup.timeout.max.ms", 1_500);
    p.put("enable.metrics.push", false);
    p.put("client.id", role);
    return p;
  }

  private Map<String, Object> withUser(
      Map<String, Object> defaults, Set<String> known, String role) {
    Map<String, Object> all = new HashMap<>(defaults);
    user.forEach((name, value) -> {
      if (known.contains(name) || !knownToAny(name)) {
        all.put(name, value);
      }
    });
    all.put("client.id", user.getOrDefault("client.id", DEFAULT_CLIENT_ID) + "-" + role);
    return all;
  }

  private static boolean knownToAny(String name) {
    return ConsumerConfig.configNames().contains(name)
        || ProducerConfig.configNames().contains(name)
        || AdminClientConfig.configNames().contains(name);
  }
}
