/**
 * Which records match. Values only: no thread, no I/O, nothing of the log's technology.
 *
 * <p>Today by key: {@link io.sluice.filter.KeyIndex}.
 */
@NullMarked
package io.sluice.filter;

import org.jspecify.annotations.NullMarked;
