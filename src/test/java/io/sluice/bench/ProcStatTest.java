package io.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class ProcStatTest {
  private static final String STAT =
      "4242 (a name) (with 9) S 1 4242 4242 0 -1 4194560 100 200 3 4 1234 566 7 8 20 0 33 0 99 1000 25";

  private static final List<String> STATUS =
      List.of("Name:\ta name) (with 9", "VmHWM:\t  2048 kB", "VmRSS:\t  1024 kB", "Threads:\t33");

  @Test
  void userAndSystemTimeAreFoundBehindAnyName() {
    assertThat(ProcStat.parse(STAT, STATUS).cpuSeconds()).isEqualTo(18.0);
  }

  @Test
  void memoryIsInBytes() {
    ProcStat stat = ProcStat.parse(STAT, STATUS);
    assertThat(stat.peakBytes()).isEqualTo(2048 * 1024);
    assertThat(stat.residentBytes()).isEqualTo(1024 * 1024);
  }

  @Test
  void severalProcessesAreAddedUp() {
    ProcStat stat = ProcStat.parse(STAT, STATUS);
    assertThat(stat.plus(stat)).isEqualTo(new ProcStat(36.0, 4096 * 1024, 2048 * 1024));
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatThrownBy(() -> ProcStat.parse(STAT, List.of("VmHWM: 1 kB")))
        .hasMessageContaining("VmRSS:");
  }

  @Test
  void idleTimeOfTheMachineIsNotProcessorTime() {
    assertThat(ProcStat.machineCpuSeconds("cpu  100 200 300 999999 88888 400 500 600 0 0"))
        .isEqualTo(21.0);
  }

  @Test
  void thisProcessCanBeRead() {
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/stat")), "there is no /proc");
    assertThat(ProcStat.self().cpuSeconds()).isPositive();
    assertThat(ProcStat.self().peakBytes()).isGreaterThan(1_000_000);
  }
}
