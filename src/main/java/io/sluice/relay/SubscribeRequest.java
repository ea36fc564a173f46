package io.sluice.relay;

/**
 * What a subscriber asks for.
 *
 * @param selection what is read
 * @param form how it looks
 * @param from where to start
 * @param overflow what becomes of it when it falls out of the window
 */
public record SubscribeRequest(Selection selection, FeedForm form, From from, Overflow overflow) {}
