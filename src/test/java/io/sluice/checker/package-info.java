/**
 * Judges what Sluice promises from what its clients saw: histories of clients and a dump of the log
 * go in, a verdict with every broken invariant comes out. Pure but for the files that histories are
 * kept in.
 */
@NullMarked
package io.sluice.checker;

import org.jspecify.annotations.NullMarked;
