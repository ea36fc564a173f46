/**
 * The bench: end-to-end scenarios against the gateway as it is shipped, beside baselines on the
 * same machine in the same run (docs/benchmarks.md). Start reading at {@link
 * io.sluice.bench.Bench}.
 */
@NullMarked
package io.sluice.bench;

import org.jspecify.annotations.NullMarked;
