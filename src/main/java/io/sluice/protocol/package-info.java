/**
 * What clients may say and hear: one sealed {@link io.sluice.protocol.Command}, one sealed {@link
 * io.sluice.protocol.Event}, one table of errors and one of close codes. Values in the user's
 * words; how they look as bytes is {@code io.sluice.wire}'s business.
 */
@NullMarked
package io.sluice.protocol;

import org.jspecify.annotations.NullMarked;
