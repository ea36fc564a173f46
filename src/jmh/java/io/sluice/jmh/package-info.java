/**
 * Measures inner parts alone (docs/benchmarks.md, "Inner parts"): runs the benchmarks, which stand
 * in the packages of what they measure, and prints a table.
 */
@NullMarked
package io.sluice.jmh;

import org.jspecify.annotations.NullMarked;
