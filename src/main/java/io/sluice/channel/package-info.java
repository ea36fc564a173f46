/**
 * Channel names and templates to topics, keys, rights and defaults: what a client may call, and
 * what stands behind it. Start reading at {@link io.sluice.channel.Channels}. Values only: no
 * thread, no I/O.
 */
@NullMarked
package io.sluice.channel;

import org.jspecify.annotations.NullMarked;
