/**
 * Netty: from an HTTP request to a WebSocket, and from bytes on a socket to a session and back.
 * Handlers only translate; what a frame means is {@code io.sluice.websocket}'s business, what a
 * client may do {@code io.sluice.session}'s.
 *
 * <p>A connection belongs to one event loop, and so does everything of it.
 */
@NullMarked
package io.sluice.transport;

import org.jspecify.annotations.NullMarked;
