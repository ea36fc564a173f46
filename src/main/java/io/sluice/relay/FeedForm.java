package io.sluice.relay;

/**
 * How a feed's records look: with the {@link Selection} it makes a feed what it is.
 *
 * @param format the wire format
 * @param value the form of values
 */
public record FeedForm(WireFormat format, ValueForm value) {}
