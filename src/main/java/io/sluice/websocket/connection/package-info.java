/**
 * The conversation: open, closing, ended; ping, pong, close (RFC 6455 §5.5, §7). It says what to
 * send, it never sends.
 *
 * <p>A transport makes a {@link io.sluice.websocket.connection.Connection} with a {@link
 * io.sluice.websocket.connection.ConnectionListener}, gives it every byte that comes, and asks
 * {@link io.sluice.websocket.connection.Connection#state} for the moves that are legal now.
 */
@NullMarked
package io.sluice.websocket.connection;

import org.jspecify.annotations.NullMarked;
