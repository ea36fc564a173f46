package io.sluice.app;

import io.micronaut.context.ApplicationContext;
import io.micronaut.http.netty.channel.EventLoopGroupRegistry;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.ArrayList;
import java.util.List;

/**
 * The gateway with a {@link StallWatch} over its event loops, which tells on standard output what
 * it saw.
 */
public final class ProbedSluice {
  private ProbedSluice() {}

  /** As {@link Sluice#main}. */
  public static void main(String[] args) {
    ApplicationContext context = Sluice.start(args);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> Sluice.stop(context), "sluice-stop"));
    List<SingleThreadEventExecutor> loops = new ArrayList<>();
    for (EventExecutor loop :
        context.getBean(EventLoopGroupRegistry.class).getDefaultEventLoopGroup()) {
      loops.add((SingleThreadEventExecutor) loop);
    }
    new StallWatch(loops).start();
  }
}
