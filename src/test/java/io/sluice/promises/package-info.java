/**
 * What Sluice promises, shown on a real broker with real sockets and clients that share no code
 * with the gateway.
 */
@NullMarked
package io.sluice.promises;

import org.jspecify.annotations.NullMarked;
