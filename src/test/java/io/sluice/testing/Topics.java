package io.sluice.testing;

import io.sluice.checker.LogDump;
import io.sluice.log.Partition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Topics of one broker, through plain Kafka clients: what a test trusts when it judges Sluice.
 * Every call waits.
 */
public final class Topics {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final String bootstrapServers;

  public Topics(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  /** Creates a topic with a unique name that contains {@code hint}, and returns the name. */
  public String create(String hint, int partitions) {
    return create(hint, partitions, Map.of());
  }

  /** As {@link #create(String, int)}, with topic settings by Kafka's names. */
  public String create(String hint, int partitions, Map<String, String> settings) {
    String name = Broker.uniqueName(hint);
    createNamed(name, partitions, settings);
    return name;
  }

  /** Creates a topic with exactly this name. */
  public void createNamed(String name, int partitions, Map<String, String> settings) {
    try (Admin admin = admin()) {
      await(
          admin
              .createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
              .all());
      // The controller has it; the broker that answers questions hears of it a little later.
      Eventually.until(() -> isThere(admin, name), DEADLINE, () -> name + " does not come to be.");
    }
  }

  private static boolean isThere(Admin admin, String name) {
    return await(admin.listTopics().names()).contains(name);
  }

  /** Deletes a topic. */
  public void delete(String name) {
    try (Admin admin = admin()) {
      await(admin.deleteTopics(List.of(name)).all());
    }
  }

  /** Gives a topic more partitions, {@code partitions} in all. */
  public void expand(String name, int partitions) {
    try (Admin admin = admin()) {
      await(admin.createPartitions(Map.of(name, NewPartitions.increaseTo(partitions))).all());
    }
  }

  /** Deletes what is older than {@code offset}, as retention would. */
  public void deleteBefore(String topic, int partition, long offset) {
    try (Admin admin = admin()) {
      TopicPartition target = new TopicPartition(topic, partition);
      await(admin.deleteRecords(Map.of(target, RecordsToDelete.beforeOffset(offset))).all());
    }
  }

  /** Names of all topics, internal ones left out. */
  public Set<String> names() {
    try (Admin admin = admin()) {
      return await(admin.listTopics().names());
    }
  }

  /** Stores one record and returns where. */
  public RecordMetadata produce(
      String topic, int partition, @Nullable String key, @Nullable String value) {
    return produceAll(List.of(new ProducerRecord<>(topic, partition, key, bytes(value))))
        .getFirst();
  }

  /**
   * Stores {@code count} records {@code prefix0}, {@code prefix1}, … in one partition, in this
   * order.
   */
  public void produceMany(String topic, int partition, String prefix, int count) {
    produceAll(
        IntStream.range(0, count)
            .mapToObj(i -> new ProducerRecord<>(topic, partition, "k" + i, bytes(prefix + i)))
            .toList());
  }

  /** Stores {@code records} in order and returns where each is. */
  public List<RecordMetadata> produceAll(List<ProducerRecord<String, byte[]>> records) {
    try (KafkaProducer<String, byte[]> producer = producer(Map.of())) {
      var sent = records.stream().map(producer::send).toList();
      producer.flush();
      List<RecordMetadata> stored = new ArrayList<>();
      for (var future : sent) {
        stored.add(future.get(DEADLINE.toSeconds(), TimeUnit.SECONDS));
      }
      return stored;
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("The test's own records were not stored.", e);
    }
  }

  /**
   * Stores {@code values} in one transaction that is committed, or aborted once it has reached the
   * log.
   */
  public void produceTransaction(String topic, int partition, List<String> values, boolean commit) {
    Map<String, Object> settings = Map.of("transactional.id", Broker.uniqueName("test-tx"));
    try (KafkaProducer<String, byte[]> producer = producer(settings)) {
      producer.initTransactions();
      producer.beginTransaction();
      values.forEach(
          value -> producer.send(new ProducerRecord<>(topic, partition, value, bytes(value))));
      producer.flush();
      if (commit) {
        producer.commitTransaction();
      } else {
        producer.abortTransaction();
      }
    }
  }

  /** A producer for a test that needs one of its own; the caller closes it. */
  public KafkaProducer<String, byte[]> producer(Map<String, Object> settings) {
    Map<String, Object> all =
        new HashMap<>(Map.of("bootstrap.servers", bootstrapServers, "acks", "all"));
    all.putAll(settings);
    return new KafkaProducer<>(all, new StringSerializer(), new ByteArraySerializer());
  }

  /** Everything committed that a topic holds now, partition by partition, in order of offsets. */
  public List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      List<TopicPartition> partitions = partitions(consumer, topic);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
      long deadline = System.nanoTime() + DEADLINE.toNanos();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("The topic " + topic + " cannot be read to its end.");
        }
        consumer.poll(Duration.ofMillis(100)).forEach(all::add);
      }
      all.removeIf(
          r -> r.offset() >= ends.getOrDefault(new TopicPartition(r.topic(), r.partition()), 0L));
      all.sort(
          Comparator.<ConsumerRecord<byte[], byte[]>>comparingInt(ConsumerRecord::partition)
              .thenComparingLong(ConsumerRecord::offset));
      return all;
    }
  }

  /** What a reader of committed records finds in {@code topic} now, for the checker. */
  public LogDump dump(String topic) {
    Map<TopicPartition, Long> oldest = new HashMap<>();
    Map<TopicPartition, Long> ends = new HashMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      List<TopicPartition> partitions = partitions(consumer, topic);
      oldest.putAll(consumer.beginningOffsets(partitions));
      ends.putAll(consumer.endOffsets(partitions));
    }
    LogDump.Builder dump = LogDump.builder();
    ends.forEach((partition, end) ->
        dump.partition(ours(partition), oldest.getOrDefault(partition, 0L), end));
    for (ConsumerRecord<byte[], byte[]> record : readAll(topic)) {
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      if (record.offset() < ends.getOrDefault(partition, 0L)) {
        dump.entry(
            ours(partition),
            record.offset(),
            LogDump.text(record.key()),
            LogDump.text(record.value()));
      }
    }
    return dump.build();
  }

  private static Partition ours(TopicPartition partition) {
    return new Partition(partition.topic(), partition.partition());
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "isolation.level",
            "read_committed",
            "auto.offset.reset",
            "none");
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  private static byte @Nullable [] bytes(@Nullable String value) {
    return value == null ? null : value.getBytes(StandardCharsets.UTF_8);
  }

  private static <T> T await(KafkaFuture<T> future) {
    try {
      return future.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("The broker did not do what the test needs.", e);
    }
  }
}
