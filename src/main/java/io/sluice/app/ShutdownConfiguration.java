package io.sluice.app;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * {@code sluice.shutdown.*}: how this instance goes away.
 *
 * @param drainWindow clients are asked to come back, elsewhere, at moments spread over it; then
 *     they are closed (1012)
 * @param timeout how long answers to what is in flight, and to close frames, are waited for after
 *     that
 */
@ConfigurationProperties("sluice.shutdown")
record ShutdownConfiguration(
    @Bindable(defaultValue = "2s") Duration drainWindow,
    @Bindable(defaultValue = "5s") Duration timeout) {
  ShutdownConfiguration {
    Settings.notNegative("sluice.shutdown.drain-window", drainWindow);
    Settings.notNegative("sluice.shutdown.timeout", timeout);
  }
}
