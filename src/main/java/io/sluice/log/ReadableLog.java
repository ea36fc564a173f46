package io.sluice.log;

/**
 * A log as readers of one {@link Isolation} see it.
 *
 * @param live its head
 * @param replay what is older than the head
 * @param catalog topics, and where they begin and end
 */
public record ReadableLog(LiveLog live, ReplayLog replay, Catalog catalog) {}
