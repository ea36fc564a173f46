package io.sluice.relay;

/**
 * What a subscriber asks for.
 *
 * @param selection what is read
 * @param form how it looks
 * @param from where to start
 * @param overflow what becomes of it when it falls out of the window
 * @param flow how much of it at once
 */
public record SubscribeRequest(
    Selection selection, FeedForm form, From from, Overflow overflow, Flow flow) {
  /** As much at once as the socket takes. */
  public SubscribeRequest(Selection selection, FeedForm form, From from, Overflow overflow) {
    this(selection, form, from, overflow, Flow.FREE);
  }
}
