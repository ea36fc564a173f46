/** Tests of {@code io.sluice.websocket.connection}. */
@NullMarked
package io.sluice.websocket.connection;

import org.jspecify.annotations.NullMarked;
