/**
 * Frame parts to whole messages: fragments, UTF-8 as it arrives, size limit (RFC 6455 §5.4, §5.6,
 * §8.1).
 */
@NullMarked
package io.sluice.websocket.message;

import org.jspecify.annotations.NullMarked;
