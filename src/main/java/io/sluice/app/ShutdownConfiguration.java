package io.sluice.app;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * {@code sluice.shutdown.*}: how this instance goes away.
 *
 * @param delay readiness is off for so long before clients are told to go, and new ones refused:
 *     time for balancers to notice, so that they send nobody back
 * @param drainWindow clients are asked to come back, elsewhere, at moments spread over it; then
 *     they are closed (1012)
 * @param timeout how long answers to what is in flight, and to close frames, are waited for after
 *     that
 */
@ConfigurationProperties("sluice.shutdown")
record ShutdownConfiguration(
    @Bindable(defaultValue = "2s") Duration delay,
    @Bindable(defaultValue = "2s") Duration drainWindow,
    @Bindable(defaultValue = "5s") Duration timeout) {
  ShutdownConfiguration {
    Settings.notNegative("sluice.shutdown.delay", delay);
    Settings.notNegative("sluice.shutdown.drain-window", drainWindow);
    Settings.notNegative("sluice.shutdown.timeout", timeout);
  }
}
