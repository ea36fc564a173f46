/**
 * Request headers to accept or refuse (RFC 6455 §4.2), as values.
 *
 * <p>{@link io.sluice.websocket.handshake.Handshake} is one endpoint's rules; {@code answer} takes
 * an {@link io.sluice.websocket.handshake.UpgradeRequest} and returns an {@link
 * io.sluice.websocket.handshake.UpgradeAnswer}. Header lists are parsed by hand in one pass.
 * Nothing of a request is ever repeated in an answer: names come from our own lists, sentences are
 * fixed.
 *
 * <p>RFC 8441 (extended CONNECT on HTTP/2) fits so: the request is {@code CONNECT} with version
 * {@code HTTP/2}, the transport gives {@code :authority} as {@code Host} and checks {@code
 * :protocol}; there is no {@code Upgrade}, {@code Connection} or key, and the status is 200 without
 * an accept key. What is asked about version, origin, sub-protocol and extensions is the same, and
 * lies in {@code Handshake.agree} for that reason.
 */
@NullMarked
package io.sluice.websocket.handshake;

import org.jspecify.annotations.NullMarked;
