/**
 * One client's conversation: what it subscribed to, what it has published and not yet been told of,
 * and its limits. Everything of a session runs on its client's event loop, and nothing of it
 * blocks.
 */
@NullMarked
package io.sluice.session;

import org.jspecify.annotations.NullMarked;
