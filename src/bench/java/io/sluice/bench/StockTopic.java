package io.sluice.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelMatchers;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * One topic of the {@link StockGateway}: a consumer's thread that hands each record to all who are
 * subscribed. Of a backlog it reads on only when every socket has taken what it got: without that
 * its memory would not last.
 */
final class StockTopic implements Runnable {
  /** A poll of a backlog stays small where its frames are copied for each socket. */
  private static final int BACKLOG_POLL = 100;

  private final String topic;
  private final String brokers;
  private final boolean tuned;
  private final int backlogReaders;
  private final AtomicInteger unwritable;
  private final ChannelGroup group = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Map<EventLoop, Set<Channel>> byLoop = new ConcurrentHashMap<>();
  private final CountDownLatch standing = new CountDownLatch(1);

  /**
   * @param backlogReaders how many clients have to be there before the topic is read from its
   *     beginning; 0: it is read from its end
   */
  StockTopic(
      String topic, String brokers, boolean tuned, int backlogReaders, AtomicInteger unwritable) {
    this.topic = topic;
    this.brokers = brokers;
    this.tuned = tuned;
    this.backlogReaders = backlogReaders;
    this.unwritable = unwritable;
  }

  /** {@code channel} gets records from now on, behind the word that it does. */
  void join(Channel channel) {
    Thread.startVirtualThread(() -> {
      try {
        standing.await();
        channel.eventLoop().execute(() -> begin(channel));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  private void begin(Channel channel) {
    if (channel.isActive()) {
      channel.writeAndFlush(new TextWebSocketFrame(Envelope.subscribed(topic)));
      byLoop.computeIfAbsent(channel.eventLoop(), _ -> ConcurrentHashMap.newKeySet()).add(channel);
      group.add(channel); // which forgets those that close
    }
  }

  void leave(Channel channel) {
    Set<Channel> some = byLoop.get(channel.eventLoop());
    if (some != null) {
      some.remove(channel);
    }
  }

  @Override
  public void run() {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers",
                brokers,
                "isolation.level",
                "read_committed",
                "max.poll.records",
                backlogReaders > 0 ? BACKLOG_POLL : 500),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      if (backlogReaders > 0) {
        consumer.seekToBeginning(partitions);
      } else {
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
      }
      standing.countDown();
      while (group.size() < Math.max(1, backlogReaders)) {
        LockSupport.parkNanos(1_000_000);
      }
      do {
        relay(consumer.poll(Duration.ofMillis(100)));
      } while (!group.isEmpty());
    }
  }

  private void relay(ConsumerRecords<byte[], byte[]> records) {
    if (records.isEmpty()) {
      return;
    }
    if (tuned) {
      relayTuned(records);
    } else {
      for (ConsumerRecord<byte[], byte[]> record : records) {
        group.writeAndFlush(
            new TextWebSocketFrame(Unpooled.wrappedBuffer(text(record))),
            ChannelMatchers.all(),
            true);
      }
    }
    if (backlogReaders > 0) {
      awaitWritten();
    }
  }

  /** One task per event loop, one flush per socket. */
  private void relayTuned(ConsumerRecords<byte[], byte[]> records) {
    List<ByteBuf> frames = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      byte[] frame = Envelope.textFrame(text(record));
      frames.add(Unpooled.directBuffer(frame.length).writeBytes(frame));
    }
    AtomicInteger loops = new AtomicInteger(byLoop.size());
    byLoop.forEach((loop, channels) ->
        loop.execute(() -> {
          for (Channel channel : channels) {
            frames.forEach(
                frame -> channel.write(frame.retainedDuplicate(), channel.voidPromise()));
            channel.flush();
          }
          if (loops.decrementAndGet() == 0) {
            frames.forEach(ByteBuf::release);
          }
        }));
  }

  private byte[] text(ConsumerRecord<byte[], byte[]> record) {
    byte[] before =
        Envelope.beforeValue(topic, record.partition(), record.offset(), record.timestamp());
    byte[] text = new byte[before.length + record.value().length + Envelope.BEHIND_VALUE.length];
    System.arraycopy(before, 0, text, 0, before.length);
    System.arraycopy(record.value(), 0, text, before.length, record.value().length);
    System.arraycopy(
        Envelope.BEHIND_VALUE,
        0,
        text,
        before.length + record.value().length,
        Envelope.BEHIND_VALUE.length);
    return text;
  }

  private void awaitWritten() {
    CountDownLatch run = new CountDownLatch(byLoop.size());
    byLoop.keySet().forEach(loop -> loop.execute(run::countDown));
    try {
      run.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    while (unwritable.get() > 0) {
      LockSupport.parkNanos(100_000);
    }
  }
}
