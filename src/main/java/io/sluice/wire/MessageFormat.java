package io.sluice.wire;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.ClientMessage;
import io.sluice.protocol.Event;
import io.sluice.protocol.ValueForm;
import org.jspecify.annotations.Nullable;

/** How the messages of {@code /v1/ws} look as bytes (PROTOCOL §1). Any thread. */
public enum MessageFormat {
  /** JSON in UTF-8 (RFC 8259). */
  JSON {
    @Override
    Value message(byte[] message) throws InvalidCommand {
      return JsonValue.message(message);
    }

    @Override
    MessageWriter writer(ByteBuf out) {
      return new JsonWriter(out);
    }

    @Override
    public Records records(long subscription, ValueForm form, @Nullable JsonProjection projection) {
      return new JsonRecords(subscription, form, projection);
    }
  },

  /** CBOR (RFC 8949): the same maps, in which bytes are byte strings. */
  CBOR {
    @Override
    Value message(byte[] message) {
      return CborValue.message(message);
    }

    @Override
    MessageWriter writer(ByteBuf out) {
      return new CborWriter(out);
    }

    @Override
    public Records records(long subscription, ValueForm form, @Nullable JsonProjection projection) {
      return new CborRecords(subscription, projection);
    }
  };

  /** The value that a whole message of a client's is. */
  abstract Value message(byte[] message) throws InvalidCommand;

  /** Appends one message to {@code out}. */
  abstract MessageWriter writer(ByteBuf out);

  /**
   * Writes the records of one feed.
   *
   * @param subscription what clients call the feed
   * @param form how values are written; in CBOR they are byte strings, whatever it says
   * @param projection what is kept of a value that is JSON; {@code null} for all of it
   */
  public abstract Records records(
      long subscription, ValueForm form, @Nullable JsonProjection projection);

  /** Reads one message of a client's; one that came as text is valid UTF-8. */
  public ClientMessage read(byte[] message) {
    return Commands.read(this, message);
  }

  /**
   * Reads a publish to {@code channel}: the command without {@code type}, {@code id} and {@code
   * channel}, which its address says (PROTOCOL §10). {@code message} may be any bytes.
   */
  public ClientMessage readPublish(String channel, byte[] message) {
    return this == JSON && !Utf8.isValid(message, 0, message.length)
        ? new ClientMessage.Malformed(null, "A message in JSON is UTF-8.", null)
        : Commands.readPublish(this, channel, message);
  }

  /** Appends {@code event} to {@code out} as one message. */
  public void write(Event event, ByteBuf out) {
    Events.write(event, writer(out));
  }
}
