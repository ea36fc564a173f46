/** What integration tests share: a broker, topics, records in and out. */
@NullMarked
package io.sluice.testing;

import org.jspecify.annotations.NullMarked;
