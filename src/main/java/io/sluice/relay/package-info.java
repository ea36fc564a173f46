/**
 * Feeds, windows, cursors and replay: who is owed which bytes. Declares the port {@link
 * io.sluice.relay.Encoder}, by which records become bytes, and the port {@link
 * io.sluice.relay.Outlet}, by which bytes leave.
 */
@NullMarked
package io.sluice.relay;

import org.jspecify.annotations.NullMarked;
