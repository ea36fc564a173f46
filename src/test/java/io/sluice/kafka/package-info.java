/** Tests of the Kafka room: pure parts, and the rest against a real broker. */
@NullMarked
package io.sluice.kafka;

import org.jspecify.annotations.NullMarked;
