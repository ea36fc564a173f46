package io.sluice.transport;

import io.sluice.protocol.ValueForm;
import io.sluice.relay.Encoder;
import io.sluice.relay.EncoderFactory;
import io.sluice.relay.FeedForm;
import io.sluice.wire.MessageFormat;
import io.sluice.wire.Records;

/** Makes the encoder of a feed, as the sockets of its form want it. Any thread. */
public final class FrameEncoders implements EncoderFactory {
  @Override
  public Encoder encoder(long subscription, FeedForm form) {
    return switch (form.format()) {
      case JSON -> encoder(Subprotocol.JSON, subscription, form);
      case CBOR -> encoder(Subprotocol.CBOR, subscription, form);
      case RAW -> new RawEncoder();
      case EVENT_STREAM ->
          new EventEncoder(subscription, records(MessageFormat.JSON, subscription, form));
    };
  }

  private static Encoder encoder(Subprotocol subprotocol, long subscription, FeedForm form) {
    return new FrameEncoder(
        subprotocol.opcode(), records(subprotocol.messages(), subscription, form));
  }

  private static Records records(MessageFormat format, long subscription, FeedForm form) {
    return format.records(subscription, valueForm(form), form.isProjected() ? form::project : null);
  }

  private static ValueForm valueForm(FeedForm form) {
    return switch (form.value()) {
      case AUTO -> ValueForm.AUTO;
      case TEXT -> ValueForm.TEXT;
      case BASE64 -> ValueForm.BASE64;
    };
  }
}
