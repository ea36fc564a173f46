package io.sluice.relay;

/** Makes the encoder of a feed. Any thread. */
@FunctionalInterface
public interface EncoderFactory {
  /**
   * An encoder for the feed that clients know as {@code subscription}.
   *
   * @param form how its records look
   */
  Encoder encoder(long subscription, FeedForm form);
}
