package io.sluice.protocol;

import io.sluice.log.Header;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client may ask for. Every command is answered, in any order. */
public sealed interface Command extends ClientMessage.Understood {
  /** Read a channel. */
  record Subscribe(@Nullable CommandId id, String channel, SubscribeOptions options)
      implements Command {}

  /** Grant {@code records} more to a subscription with credit. Answered only where it is wrong. */
  record Credit(@Nullable CommandId id, long subscription, long records) implements Command {}

  /**
   * Ask what there is.
   *
   * @param channel a channel's name or a glob; {@code null} for all
   */
  record Describe(@Nullable CommandId id, @Nullable String channel) implements Command {}

  /** End a subscription: nothing of it follows the reply. */
  record Unsubscribe(@Nullable CommandId id, long subscription) implements Command {}

  /**
   * Write records to a channel.
   *
   * @param records what to write, in order; at least one
   * @param single true where the record stood in the command itself, so that its failure is the
   *     command's failure
   */
  record Publish(@Nullable CommandId id, String channel, List<NewRecord> records, boolean single)
      implements Command {
    /** One value, {@code null} for a tombstone, with nothing but a key, {@code null} for none. */
    public static Publish ofValue(String channel, byte @Nullable [] key, byte @Nullable [] value) {
      return new Publish(
          null, channel, List.of(new NewRecord(key, List.of(), value, null, null)), true);
    }
  }

  /** Ask for a {@code pong}. */
  record Ping(@Nullable CommandId id) implements Command {}

  /**
   * A record that a client wants written. Its arrays are its own.
   *
   * @param key bytes of the key, or {@code null}
   * @param headers headers in order
   * @param value bytes of the value, or {@code null} for a tombstone
   * @param partition the partition, or {@code null} to let the key decide
   * @param timestamp milliseconds since the epoch, or {@code null} for now
   */
  record NewRecord(
      byte @Nullable [] key,
      List<Header> headers,
      byte @Nullable [] value,
      @Nullable Integer partition,
      @Nullable Long timestamp) {
    @Override
    public String toString() {
      return "record of " + (value == null ? 0 : value.length) + " B";
    }
  }
}
