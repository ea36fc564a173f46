package io.sluice.bench;

import io.netty.channel.Channel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Which clients of the {@link StockGateway} read which topic. Any thread. */
final class StockTopics {
  private final String brokers;
  private final boolean tuned;
  private final Map<String, Integer> backlogs;
  private final Map<String, StockTopic> topics = new ConcurrentHashMap<>();
  private final AtomicInteger unwritable = new AtomicInteger();

  StockTopics(String brokers, boolean tuned, Map<String, Integer> backlogs) {
    this.brokers = brokers;
    this.tuned = tuned;
    this.backlogs = backlogs;
  }

  void subscribe(String topic, Channel channel) {
    topics
        .computeIfAbsent(
            topic,
            name -> {
              StockTopic made =
                  new StockTopic(name, brokers, tuned, backlogs.getOrDefault(name, 0), unwritable);
              Thread.ofPlatform().daemon().name("consume-" + name).start(made);
              return made;
            })
        .join(channel);
  }

  void leave(Channel channel) {
    topics.values().forEach(topic -> topic.leave(channel));
  }

  void onWritability(boolean writable) {
    unwritable.addAndGet(writable ? -1 : 1);
  }
}
