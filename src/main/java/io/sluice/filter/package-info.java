/**
 * Which records match, and what of them is kept: by key ({@link io.sluice.filter.KeyIndex}), and the
 * projection of their values. Pure decisions over bytes: no thread, no I/O, nothing of the log's
 * technology.
 */
@NullMarked
package io.sluice.filter;

import org.jspecify.annotations.NullMarked;
