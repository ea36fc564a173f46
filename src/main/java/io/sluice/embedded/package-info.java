/**
 * A Kafka broker inside the process, for the first minute and for tests; absent from the production
 * artifact.
 */
@NullMarked
package io.sluice.embedded;

import org.jspecify.annotations.NullMarked;
