package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.kafka.KafkaLog;
import io.sluice.kafka.KafkaSettings;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.RecordKey;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import io.sluice.testing.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where writers use the default partitioner, of a topic only the partition of the key is read. */
class KeyPartitionIT {
  private final Topics topics = Broker.shared().topics();
  private final KafkaLog log =
      new KafkaLog(
          KafkaSettings.of(Map.of("bootstrap.servers", Broker.shared().bootstrapServers())));
  private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
  private final Relay relay =
      new Relay(
          RelaySettings.defaults(),
          log.readable(),
          (subscription, form) -> new TextEncoder(subscription),
          System::nanoTime);

  @AfterEach
  void close() {
    log.close(Duration.ofSeconds(5));
    loop.shutdownNow();
  }

  private Partition partitionOf(String key, String topic) {
    Topic now =
        log.catalog().topic(topic).toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    return log.catalog().partitionOf(RecordKey.of(key), now);
  }

  private KeyedClient subscribe(String topic, String key) {
    KeyedClient client = new KeyedClient();
    loop.execute(() ->
        relay
            .loop(loop, (nanos, task) -> loop.schedule(task, nanos, TimeUnit.NANOSECONDS))
            .open(client, "somebody")
            .subscribe(
                new SubscribeRequest(
                    Stage.keyed(topic, key, true), Stage.FORM, new From.Latest(), Overflow.REPLAY),
                client));
    Eventually.until(
        () -> client.isSubscribed(), Duration.ofSeconds(20), () -> "Not subscribed: " + client);
    return client;
  }

  private void produce(String topic, List<String> keys) {
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    keys.forEach(key -> records.add(new ProducerRecord<>(topic, key, new byte[10])));
    topics.produceAll(records);
  }

  private static void await(KeyedClient client, int records) {
    Eventually.until(
        () -> client.records().size() == records,
        Duration.ofSeconds(30),
        () -> "Only " + client.records());
  }

  @Test
  void onlyItsPartitionIsReadAndWhenThereAreMoreTheKeyIsFollowed() {
    log.start(relay::liveListener);
    String topic = topics.create("pruned", 4);
    String key = "k1";
    Partition own = partitionOf(key, topic);
    KeyedClient client = subscribe(topic, key);
    assertThat(client.startedAt()).containsOnlyKeys(own);

    List<String> keys = new ArrayList<>(List.of(key, key, key));
    for (int i = 0; i < 40; i++) {
      keys.add("other" + i);
    }
    produce(topic, keys);
    await(client, 3);
    assertThat(client.records()).allMatch(each -> each.startsWith(own + "@"));
    // What went to the other three partitions was never handed over.
    assertThat(log.counters().liveRecords.sum())
        .isEqualTo(
            topics.readAll(topic).stream().filter(r -> r.partition() == own.number()).count())
        .isLessThan(43);

    // With more partitions the key moves to another one, which is read from its oldest record.
    int more = 5;
    Topic grown = new Topic(topic, new TopicId("any"), more);
    while (log.catalog().partitionOf(RecordKey.of(key), grown).equals(own)) {
      grown = new Topic(topic, grown.id(), ++more);
    }
    topics.expand(topic, more);
    produce(topic, List.of(key, key));
    Partition now = log.catalog().partitionOf(RecordKey.of(key), grown);
    await(client, 5);
    assertThat(client.records().subList(3, 5)).allMatch(each -> each.startsWith(now + "@"));
  }

  /** Writes down which records came. */
  private static final class KeyedClient extends Drain {
    private final List<String> records = new CopyOnWriteArrayList<>();
    private volatile @Nullable Positions startedAt;

    KeyedClient() {
      super(ByteBufAllocator.DEFAULT);
    }

    boolean isSubscribed() {
      return startedAt != null;
    }

    Map<Partition, Long> startedAt() {
      return Objects.requireNonNull(startedAt).byPartition();
    }

    List<String> records() {
      return records;
    }

    @Override
    public void onSubscribed(Subscriber self, Positions positions, Map<String, TopicId> topicIds) {
      startedAt = positions;
    }

    @Override
    void onFrames(ByteBuf frames) {
      while (frames.isReadable()) {
        String frame = frames.readCharSequence(frames.readInt(), StandardCharsets.UTF_8).toString();
        for (String element :
            frame.substring(frame.indexOf('[') + 1, frame.length() - 1).split(",")) {
          String[] place = element.substring(0, element.indexOf('=')).split("/");
          records.add(place[0] + "-" + place[1] + "@" + place[2]);
        }
      }
    }
  }
}
