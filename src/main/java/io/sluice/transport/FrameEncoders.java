package io.sluice.transport;

import io.sluice.protocol.ValueForm;
import io.sluice.relay.Encoder;
import io.sluice.relay.EncoderFactory;
import io.sluice.relay.FeedForm;
import io.sluice.wire.JsonRecords;

/** Makes the encoder of a feed: its wire format inside WebSocket frames. Any thread. */
public final class FrameEncoders implements EncoderFactory {
  @Override
  public Encoder encoder(long subscription, FeedForm form) {
    return switch (form.format()) {
      case JSON -> new FrameEncoder(subscription, new JsonRecords(valueForm(form)));
    };
  }

  private static ValueForm valueForm(FeedForm form) {
    return switch (form.value()) {
      case AUTO -> ValueForm.AUTO;
      case TEXT -> ValueForm.TEXT;
      case BASE64 -> ValueForm.BASE64;
    };
  }
}
