package io.sluice.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A socket of a {@link Swarm} with several subscriptions to one channel, each of one key. The
 * records of a key count their value up, from 0 where the log begins.
 */
public final class KeyedMember extends SwarmSocket {
  private final String channel;
  private final List<String> keys;
  private final Map<Long, String> byNumber = new HashMap<>();
  private final Map<String, Integer> next = new HashMap<>();
  private volatile int subscribed;
  private volatile int received;

  /**
   * @param from given as JSON
   * @param first the value that is due first of each key
   */
  public KeyedMember(String channel, List<String> keys, String from, int first) {
    super(commands(channel, keys, from));
    this.channel = channel;
    this.keys = List.copyOf(keys);
    keys.forEach(key -> next.put(key, first));
  }

  private static List<String> commands(String channel, List<String> keys, String from) {
    List<String> commands = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      commands.add(
          Json.message("subscribe")
              .put("id", i)
              .put("channel", channel)
              .put("key", keys.get(i))
              .set("from", Json.read(from))
              .toString());
    }
    return commands;
  }

  @Override
  public boolean isSubscribed() {
    return subscribed == keys.size();
  }

  /** How many records came. */
  public int received() {
    return received;
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: the swarm's thread
  void onMessage(ByteBuf bytes) {
    JsonNode message = Json.read(bytes.toString(StandardCharsets.UTF_8));
    switch (message.path("type").asText()) {
      case "welcome", "status", "live" -> {}
      case "subscribed" -> {
        byNumber.put(message.path("subscription").asLong(), keys.get(message.path("id").asInt()));
        subscribed++;
      }
      case "records" -> {
        String key = byNumber.get(message.path("subscription").asLong());
        message.path("records").forEach(record -> take(key, record));
      }
      default -> fault(message.toString());
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: the swarm's thread
  private void take(@Nullable String key, JsonNode record) {
    Integer due = key == null ? null : next.get(key);
    if (key == null
        || due == null
        || !record.path("topic").asText().equals(channel)
        || !record.path("key").asText().equals(key)
        || record.path("value").asInt(-1) != due) {
      fault("got " + record + " where " + due + " of " + key + " was due");
      return;
    }
    next.put(key, due + 1);
    received++;
  }

  @Override
  public String toString() {
    return "member of " + subscribed + " keys with " + received + " records, " + super.toString();
  }
}
