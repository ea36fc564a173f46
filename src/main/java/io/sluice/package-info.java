/** The WebSocket gateway for Apache Kafka. */
@NullMarked
package io.sluice;

import org.jspecify.annotations.NullMarked;
