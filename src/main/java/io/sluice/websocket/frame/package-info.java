/**
 * Bytes to frame parts and back: header, mask, length, opcode, close code (RFC 6455 §5.2, §5.3,
 * §7.4).
 *
 * <p>Nothing is buffered and nothing is allocated per frame here: {@link
 * io.sluice.websocket.frame.FrameReader} keeps the header in its own fields and leaves the payload
 * where it is.
 */
@NullMarked
package io.sluice.websocket.frame;

import org.jspecify.annotations.NullMarked;
