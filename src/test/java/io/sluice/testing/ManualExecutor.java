package io.sluice.testing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/** Runs tasks in order, when the test says so. */
public final class ManualExecutor implements Executor {
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private int executed;

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    executed++;
  }

  /** How many tasks it was given so far. */
  public int executed() {
    return executed;
  }

  /** How many tasks wait. */
  public int waiting() {
    return tasks.size();
  }

  /** Runs the next task; false where there is none. */
  public boolean runOne() {
    Runnable task = tasks.poll();
    if (task == null) {
      return false;
    }
    task.run();
    return true;
  }

  /** Runs tasks, those that they add included, until none is left; false where there was none. */
  public boolean runAll() {
    boolean any = false;
    while (runOne()) {
      any = true;
    }
    return any;
  }
}
