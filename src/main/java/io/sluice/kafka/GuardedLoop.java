package io.sluice.kafka;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of a thread that the gateway cannot do without: what escapes it is logged and handed to
 * whoever ends the process, so that no dead thread is left in one that looks healthy.
 */
final class GuardedLoop {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedLoop.class);

  private GuardedLoop() {}

  /** {@code loop}, which returns only when it was closed or interrupted. */
  static Runnable of(Runnable loop, Consumer<Throwable> onFatal) {
    return () -> {
      try {
        loop.run();
      } catch (Throwable e) {
        try {
          LOG.error("{} ends.", Thread.currentThread().getName(), e);
        } finally {
          onFatal.accept(e); // also where there is no memory left for a line of log
        }
      }
    };
  }
}
