/** Channel names to topics: what a client may call, and what stands behind it. */
@NullMarked
package io.sluice.channel;

import org.jspecify.annotations.NullMarked;
