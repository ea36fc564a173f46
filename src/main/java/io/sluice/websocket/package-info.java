/**
 * A WebSocket engine without I/O (RFC 6455): bytes in, events and bytes out; no clock, thread,
 * socket or logger.
 *
 * <p>{@code frame} knows one frame, {@code message} joins frames, {@code handshake} decides the
 * upgrade, {@code connection} holds the conversation and is what a transport talks to.
 */
@NullMarked
package io.sluice.websocket;

import org.jspecify.annotations.NullMarked;
