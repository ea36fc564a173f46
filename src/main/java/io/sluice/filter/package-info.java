/**
 * Which records match, and what of them is kept: pure decisions over a record's bytes. No thread,
 * no I/O, nothing of the log's technology.
 *
 * <p>Today by key ({@link io.sluice.filter.KeyIndex}); what is kept says {@link
 * io.sluice.filter.Projection}.
 */
@NullMarked
package io.sluice.filter;

import org.jspecify.annotations.NullMarked;
