/** Tests of {@code io.sluice.websocket.handshake}. */
@NullMarked
package io.sluice.websocket.handshake;

import org.jspecify.annotations.NullMarked;
