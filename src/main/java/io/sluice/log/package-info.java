/**
 * The nouns of a partitioned log and the ports to one. Values only: no thread, no Kafka class, no
 * I/O.
 *
 * <p>Ports: {@link io.sluice.log.LiveLog} (the head, forward only), {@link io.sluice.log.ReplayLog}
 * (anything older), {@link io.sluice.log.Publisher} (writing), {@link io.sluice.log.Catalog}
 * (topics and their offsets), {@link io.sluice.log.Availability} (whether the brokers answer).
 * {@code io.sluice.kafka} implements them.
 */
@NullMarked
package io.sluice.log;

import org.jspecify.annotations.NullMarked;
