/** Tests of {@code io.sluice.websocket.frame}. */
@NullMarked
package io.sluice.websocket.frame;

import org.jspecify.annotations.NullMarked;
