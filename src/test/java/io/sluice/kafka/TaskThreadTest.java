package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskThreadTest {
  private final CompletableFuture<Throwable> fatal = new CompletableFuture<>();
  private final TaskThread thread = new TaskThread("tasks", fatal::complete);

  @AfterEach
  void close() {
    thread.close();
  }

  @Test
  void anErrorIsTold() {
    Error error = new OutOfMemoryError("no direct memory");
    thread.execute(() -> {
      throw error;
    });
    assertThat(OpenLog.await(fatal)).isSameAs(error);
  }

  @Test
  void anExceptionIsTheFailureOfOneTaskAlsoOfOneThatIsRepeated() throws InterruptedException {
    CountDownLatch runs = new CountDownLatch(3);
    thread.repeat(
        () -> {
          runs.countDown();
          throw new IllegalStateException("a test's own mistake");
        },
        1);
    assertThat(runs.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(fatal).isNotDone();
  }

  @Test
  void aClosedOneTakesNothing() {
    thread.close();
    assertThat(thread.execute(() -> {})).isFalse();
    assertThat(thread.schedule(() -> {}, 1)).isFalse();
  }
}
