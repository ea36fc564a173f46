package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.protocol.CloseCode;
import io.sluice.protocol.Command;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Event;
import io.sluice.protocol.Failure;
import io.sluice.relay.WireFormat;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/channels/{channel}}: a session about one channel whose messages are bare values
 * (PROTOCOL §7). What has no message there is told by the code with which the connection closes, or
 * not at all.
 */
final class RawEndpoint extends SessionEndpoint {
  private final String channel;
  private final byte @Nullable [] publishKey;
  private final ChannelLookup.Access access;

  /**
   * @param publishKey the key of what is published; {@code null} for none
   * @param access what may be done
   */
  RawEndpoint(
      WebSocketConnection socket,
      SessionFactory sessions,
      String channel,
      byte @Nullable [] publishKey,
      ChannelLookup.Access access) {
    super(socket, sessions, new RawOutlet(socket), WireFormat.RAW);
    this.channel = channel;
    this.publishKey = publishKey;
    this.access = access;
  }

  @Override
  public void onOpen() {
    if (access.reads()) {
      session.onMessage(new Command.Subscribe(null, channel, access.options()));
    }
  }

  @Override
  public void onText(ByteBuf utf8) {
    onValue(ByteBufUtil.getBytes(utf8));
  }

  /** What the gateway writes for a tombstone is one: a client may send back what it got. */
  @Override
  public void onBinary(ByteBuf bytes) {
    onValue(bytes.isReadable() ? ByteBufUtil.getBytes(bytes) : null);
  }

  private void onValue(byte @Nullable [] value) {
    if (!access.writes()) {
      socket.close(
          CloseCode.FORBIDDEN,
          "Nothing may be published on this connection: it is readonly, or the channel is.");
      return;
    }
    session.onMessage(Command.Publish.ofValue(channel, publishKey, value));
  }

  /**
   * The client hears nothing of a drain, so the gateway keeps its moment: all at once at the end
   * would be all at once at the next instance.
   */
  @Override
  public void onDrain(Duration reconnectAfter) {
    socket.later(reconnectAfter, () -> close(CloseCode.SERVICE_RESTART, "This instance restarts."));
  }

  @Override
  public void send(Event event) {
    switch (event) {
      case Event.Refused(_, Failure failure) -> close(code(failure.code()), failure.message());
      case Event.Missing(_, Gap gap) -> onMissing(gap);
      case Event.Ended ended -> onEnded(ended.failure(), ended.positions());
      case Event.Welcome _,
          Event.Subscribed _,
          Event.Unsubscribed _,
          Event.Published _,
          Event.Pong _,
          Event.Live _,
          Event.Scanned _,
          Event.Described _,
          Event.Status _,
          Event.Draining _ -> {}
    }
  }

  /** What {@code overflow=skip} leaves out is left out by request; nothing else is. */
  private void onMissing(Gap gap) {
    if (gap.reason() != GapReason.OVERFLOW) {
      close(CloseCode.GAP, RawEncoder.reason(gap));
    }
  }

  private void onEnded(Failure failure, Positions positions) {
    if (failure.code() != ErrorCode.SLOW) {
      close(code(failure.code()), failure.message());
      return;
    }
    StringBuilder where = new StringBuilder("Fell out of the retained window at ");
    for (Map.Entry<Partition, Long> entry : positions.byPartition().entrySet()) {
      where.append(entry.getKey().number()).append('=').append(entry.getValue()).append(' ');
    }
    close(CloseCode.GAP, where.append("(partition=offset)").toString());
  }

  /** The table of PROTOCOL §7, of publishes that are refused and of subscriptions alike. */
  private static CloseCode code(ErrorCode code) {
    return switch (code) {
      case INVALID -> CloseCode.INVALID_DATA;
      case TOO_LARGE -> CloseCode.MESSAGE_TOO_BIG;
      case FORBIDDEN, UNKNOWN_CHANNEL, TOPIC_DELETED -> CloseCode.FORBIDDEN;
      case UNAVAILABLE, TIMEOUT, TOO_MANY -> CloseCode.TRY_AGAIN_LATER;
      case SLOW -> CloseCode.GAP;
      case OFFSET_OUT_OF_RANGE, UNKNOWN_SUBSCRIPTION, DUPLICATE_SUBSCRIPTION ->
          CloseCode.POLICY_VIOLATION;
      case INTERNAL -> CloseCode.INTERNAL_ERROR;
    };
  }
}
