/** Tests of the engine as a whole: wire cases by RFC topic, and what reads and runs them. */
@NullMarked
package io.sluice.websocket;

import org.jspecify.annotations.NullMarked;
