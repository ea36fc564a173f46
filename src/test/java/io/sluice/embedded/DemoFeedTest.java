package io.sluice.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DemoFeedTest {
  /** Nothing listens there: port 1 is reserved. */
  private static final String NO_BROKER = "127.0.0.1:1";

  @Test
  @Timeout(20)
  void feedStartsWithoutBrokersAndClosesSoonLeavingNoThread() {
    DemoFeed feed = DemoFeed.start(NO_BROKER, Map::of);
    long start = System.nanoTime();
    feed.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.contains("sluice-demo-feed"));
  }
}
