package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.checker.Verdict;
import io.sluice.testing.ComposeStack;
import io.sluice.testing.Eventually;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * {@code deploy/Dockerfile} and {@code deploy/compose.yml} as they are: clients through HAProxy,
 * one gateway's container stopped under load, the other's killed.
 */
class ComposeIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int READERS = 12;

  @Test
  void nothingIsLostWhenOneContainerIsStoppedAndThenTheOtherKilled() {
    assumeTrue(ComposeStack.isPossible(), "there is no Docker engine here, or no compose");
    try (ComposeStack stack = ComposeStack.up()) {
      assertIsWellContained(stack);
      // Compressed: its native library is unpacked into /tmp, the only place that can be written.
      try (BalancedLoad load =
          BalancedLoad.begin("compose", stack.broker(), "zstd", stack.ws(), READERS)) {
        awaitHealthy(stack, "gateway-2");
        load.mark();
        assertThat(stack.stop("gateway-1")).as("128 + SIGTERM").isEqualTo(143);
        load.awaitFlow();
        load.assertNobodyWaited("Container stopped");
        assertThat(load.returns()).as("who was there, came back once").isBetween(1, READERS - 1);
        assertThat(load.unknownOutcomes()).isZero();

        stack.start("gateway-1");
        awaitHealthy(stack, "gateway-1");
        int before = load.returns();
        load.mark();
        stack.kill("gateway-2");
        Eventually.until(
            () -> load.returns() >= before + READERS, PATIENCE, () -> "Not all came back.");
        load.awaitFlow();
        System.out.println(
            "Container killed: the longest silence of a reader was " + load.longestSilence());

        Verdict verdict = load.finish();
        System.out.println("Containers behind HAProxy: " + verdict);
        assertThat(verdict.isClean()).as("%s", verdict).isTrue();
        assertThat(verdict.unread()).isZero();
      }
    }
  }

  private static void assertIsWellContained(ComposeStack stack) {
    assertThat(stack.inside("gateway-1", "id", "-u")).isNotEqualTo("0");
    assertThat(stack.inside("gateway-1", "sh", "-c", "touch /opt/x 2>/dev/null || echo read-only"))
        .isEqualTo("read-only");
    assertThat(stack.inside("gateway-1", "sh", "-c", "tr '\\0' ' ' </proc/1/cmdline"))
        .as("the process that gets SIGTERM is Java itself, with the cache")
        .contains("/bin/java ")
        .contains("-XX:AOTCache=/opt/sluice/lib/sluice.aot");
  }

  private static void awaitHealthy(ComposeStack stack, String service) {
    Eventually.until(
        () -> stack.inspect(service, "{{.State.Health.Status}}").equals("healthy"),
        PATIENCE,
        () -> service + " does not become healthy.");
  }
}
