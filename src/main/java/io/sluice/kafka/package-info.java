/**
 * The ports of {@code io.sluice.log}, on Kafka: live reader, replay pool, publisher, catalog and
 * probe.
 */
@NullMarked
package io.sluice.kafka;

import org.jspecify.annotations.NullMarked;
