package io.sluice.session;

import io.sluice.channel.Channel;
import io.sluice.log.OutgoingRecord;
import io.sluice.log.PublishOutcome;
import io.sluice.log.Publisher;
import io.sluice.log.RecordKey;
import io.sluice.protocol.Command;
import io.sluice.protocol.Command.NewRecord;
import io.sluice.protocol.CommandId;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Event;
import io.sluice.protocol.Event.Result;
import io.sluice.protocol.Failure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one client has published and not yet been told the outcome of. When its bytes pass the limit
 * the client is not read until they fall below half of it. Event-loop thread only.
 */
final class Publications {
  private final Client client;
  private final Publisher publisher;
  private final SessionLimits limits;
  private long unacknowledgedBytes;
  private int inFlight;
  private boolean pausing;
  private boolean closed;

  /** Where the client published to last, as it may; null before. */
  private @Nullable Channel latest;

  Publications(Client client, Publisher publisher, SessionLimits limits) {
    this.client = client;
    this.publisher = publisher;
    this.limits = limits;
  }

  /**
   * Publishes where the client published to last, if that is what the command names: most stay with
   * one channel, and what it stands for and whether they may was answered before.
   *
   * @return false where it names another; then nothing was done
   */
  boolean publishAgain(Command.Publish command) {
    Channel channel = latest;
    if (channel == null || !channel.name().equals(command.channel())) {
      return false;
    }
    publish(command, channel);
    return true;
  }

  /**
   * Hands the records of a command to the log, in order; {@code channel} has one topic, and the
   * client may write to it.
   */
  void publish(Command.Publish command, Channel channel) {
    latest = channel;
    RecordKey fixed = channel.key();
    byte[] key = fixed == null ? null : fixed.bytes();
    int maxRecordBytes = Math.min(limits.maxRecordBytes(), channel.rules().maxRecordBytes());
    Pending pending = new Pending(command);
    inFlight++;
    for (int i = 0; i < command.records().size(); i++) {
      int index = i;
      NewRecord record = command.records().get(i);
      Failure failure = Permission.toWrite(record, channel);
      OutgoingRecord outgoing =
          new OutgoingRecord(
              channel.topics().getFirst(),
              record.partition(),
              record.timestamp(),
              key == null ? record.key() : key,
              record.headers(),
              record.value());
      int size = outgoing.size();
      if (failure == null && size > maxRecordBytes) {
        failure = tooLarge(size, maxRecordBytes);
      }
      if (failure != null) {
        pending.onResult(index, new Result.Refused(failure));
        continue;
      }
      int weight = outgoing.weight();
      unacknowledgedBytes += weight;
      publisher.publish(
          outgoing, client.eventLoop(), outcome -> onOutcome(pending, index, weight, outcome));
    }
    if (!pausing && unacknowledgedBytes > limits.maxUnacknowledgedBytes()) {
      pausing = true;
      client.pauseReading();
    }
  }

  /** How many publish commands have not been answered. */
  int inFlight() {
    return inFlight;
  }

  /** The client is gone: what is still in flight is stored or not, but nobody is told. */
  void close() {
    closed = true;
  }

  private void onOutcome(Pending pending, int index, int weight, PublishOutcome outcome) {
    unacknowledgedBytes -= weight;
    pending.onResult(
        index,
        switch (outcome) {
          case PublishOutcome.Stored stored -> new Result.Stored(stored);
          case PublishOutcome.Failed(var failure) -> new Result.Refused(Failures.of(failure));
        });
    if (pausing && !closed && unacknowledgedBytes <= limits.maxUnacknowledgedBytes() / 2) {
      pausing = false;
      client.resumeReading();
    }
  }

  private static Failure tooLarge(int size, int limit) {
    return Failure.of(
        ErrorCode.TOO_LARGE,
        "The record has " + size + " bytes; at most " + limit + " are allowed.");
  }

  /** One publish command and the results that have come so far. */
  private final class Pending {
    private final @Nullable CommandId id;
    private final boolean single;

    /** Each filled once {@link #missing} is 0. */
    private final Result[] results;

    private int missing;

    Pending(Command.Publish command) {
      id = command.id();
      single = command.single();
      results = new Result[command.records().size()];
      missing = results.length;
    }

    void onResult(int index, Result result) {
      results[index] = result;
      missing--;
      if (missing > 0) {
        return;
      }
      inFlight--;
      if (closed) {
        return;
      }
      if (single && result instanceof Result.Refused(Failure failure)) {
        client.send(new Event.Refused(id, failure));
      } else {
        client.send(new Event.Published(id, List.of(results)));
      }
    }
  }
}
