package io.sluice.kafka;

import io.sluice.log.Batch;
import io.sluice.log.LogException;
import io.sluice.log.LogFailure;
import io.sluice.log.LogRecord;
import io.sluice.log.OutgoingRecord;
import io.sluice.log.Partition;
import io.sluice.log.PublishOutcome;
import io.sluice.log.ReplayLog;
import io.sluice.testing.Broker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The room under test, open on a broker, with the short forms that tests use. */
final class OpenLog implements AutoCloseable {
  final KafkaLog log;
  final RecordingListener heard = new RecordingListener();
  final ExecutorService eventLoop =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("test-loop").factory());

  OpenLog(Broker broker) {
    this(broker, Map.of());
  }

  OpenLog(Broker broker, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("bootstrap.servers", broker.bootstrapServers());
    all.put("client.id", Broker.uniqueName("test"));
    log = new KafkaLog(KafkaSettings.of(all));
    log.start(isolation -> heard);
  }

  void read(Partition partition, long from) {
    onReader(() -> log.committed().live().read(partition, from));
  }

  void onReader(Runnable task) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    log.committed()
        .live()
        .execute(() -> {
          task.run();
          done.complete(null);
        });
    await(done);
  }

  PublishOutcome publish(OutgoingRecord record) {
    return await(publishing(record));
  }

  CompletableFuture<PublishOutcome> publishing(OutgoingRecord record) {
    return publishing(record, eventLoop);
  }

  CompletableFuture<PublishOutcome> publishing(OutgoingRecord record, Executor executor) {
    CompletableFuture<PublishOutcome> outcome = new CompletableFuture<>();
    log.publisher().publish(record, executor, outcome::complete);
    return outcome;
  }

  /** What a read of a slice ends with. */
  sealed interface Slice {}

  record Got(long from, long to, List<Long> offsets, List<String> values) implements Slice {}

  record NotGot(LogFailure failure) implements Slice {}

  CompletableFuture<Slice> replaying(Partition partition, long from, long until, int maxBytes) {
    CompletableFuture<Slice> slice = new CompletableFuture<>();
    log.committed()
        .replay()
        .read(
            new ReplayLog.Request(partition, from, until, maxBytes),
            new ReplayLog.Handler() {
              @Override
              public void onBatch(Batch batch) {
                slice.complete(
                    new Got(
                        batch.from(),
                        batch.to(),
                        batch.records().stream().map(LogRecord::offset).toList(),
                        batch.records().stream().map(RecordingListener::value).toList()));
              }

              @Override
              public void onFailure(LogFailure failure) {
                slice.complete(new NotGot(failure));
              }
            });
    return slice;
  }

  Got replay(Partition partition, long from, long until, int maxBytes) {
    Slice slice = await(replaying(partition, from, until, maxBytes));
    if (slice instanceof Got got) {
      return got;
    }
    throw new AssertionError("Not read: " + slice);
  }

  static OutgoingRecord record(
      String topic, @Nullable Integer partition, @Nullable String key, @Nullable String value) {
    return new OutgoingRecord(topic, partition, null, bytes(key), List.of(), bytes(value));
  }

  static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new AssertionError("Not within 20 seconds.", e);
      }
      throw e;
    }
  }

  static LogFailure failureOf(CompletionStage<?> stage) {
    try {
      Object result = await(stage);
      throw new AssertionError("No failure but " + result);
    } catch (CompletionException e) {
      if (e.getCause() instanceof LogException known) {
        return known.failure();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    log.close(Duration.ofSeconds(5));
    eventLoop.shutdownNow();
  }
}
