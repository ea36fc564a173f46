package io.sluice.jmh;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads as Netty's event loops have them: on others its buffers and recyclers go slower ways. JMH
 * makes one by name ({@code jmh.executor.class}).
 */
public final class EventLoopThreads extends ThreadPoolExecutor {
  /**
   * @param threads how many
   * @param prefix of their names
   */
  public EventLoopThreads(int threads, String prefix) {
    super(
        threads,
        threads,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        new DefaultThreadFactory(prefix));
  }
}
