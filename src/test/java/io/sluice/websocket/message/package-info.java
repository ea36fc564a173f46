/** Tests of {@code io.sluice.websocket.message}. */
@NullMarked
package io.sluice.websocket.message;

import org.jspecify.annotations.NullMarked;
