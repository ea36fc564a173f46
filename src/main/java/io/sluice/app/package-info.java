/**
 * The service around the gateway: configuration, wiring, HTTP routes, the order of start and stop.
 * The only room, with {@code io.sluice.embedded}, that knows Micronaut.
 */
@NullMarked
package io.sluice.app;

import org.jspecify.annotations.NullMarked;
