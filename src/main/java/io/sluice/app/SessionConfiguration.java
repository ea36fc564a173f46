package io.sluice.app;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * {@code sluice.session.*}: what one client may use.
 *
 * @param maxSubscriptions subscriptions of one connection
 * @param maxUnacknowledgedBytes bytes of publishes that Kafka has not answered; beyond it the
 *     socket is not read
 */
@ConfigurationProperties("sluice.session")
record SessionConfiguration(
    @Bindable(defaultValue = "100") int maxSubscriptions,
    @Bindable(defaultValue = "4194304") long maxUnacknowledgedBytes) {
  SessionConfiguration {
    Settings.within("sluice.session.max-subscriptions", maxSubscriptions, 1, 1_000_000);
    Settings.within(
        "sluice.session.max-unacknowledged-bytes", maxUnacknowledgedBytes, 1, Long.MAX_VALUE);
  }
}
