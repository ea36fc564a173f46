package io.sluice.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  private static final int TOTAL = 64 * 1024;

  private final MemoryBudget budget = new MemoryBudget(TOTAL, new LongAdder());

  @Test
  void theSharesOfAllWindowsAreWhatSocketsLeave() {
    budget.windows(8);
    assertThat(budget.share()).isEqualTo(TOTAL / 8);
    budget.held(TOTAL / 4);
    assertThat(budget.share()).isEqualTo(TOTAL * 3 / 4 / 8);
    budget.held(TOTAL);
    assertThat(budget.share()).as("never less than half").isEqualTo(TOTAL / 2 / 8);
  }

  /** As many feeds, each at its limit, as have room while no socket holds anything. */
  @Test
  void windowsAreTrimmedToWhatSocketsLeaveHoweverEvenTheyAre() {
    Windows windows = new Windows(budget, TOTAL / 8, new RelayCounters());
    List<LogWindow> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      LogWindow window = new LogWindow(UnpooledByteBufAllocator.DEFAULT, windows);
      window.addPartition(0);
      windows.add(window);
      all.add(window);
    }
    for (LogWindow window : all) {
      for (int i = 0; i < 200; i++) {
        append(window, i);
      }
    }
    assertThat(windows.bytes()).isGreaterThan(TOTAL * 3 / 4);
    budget.held(TOTAL / 2);
    windows.trim(window -> {});
    assertThat(windows.bytes()).isLessThanOrEqualTo(TOTAL / 2);
    assertThat(windows.excess()).as("no other reader is asked for more").isZero();
  }

  private static void append(LogWindow window, long offset) {
    ByteBuf frame = Unpooled.wrappedBuffer(new byte[100]);
    Gap gap = new Gap(new Partition("t", 0), offset, offset + 1, GapReason.RETENTION);
    window.append(
        frame, 0, (segment, index, length) -> new GapStretch(segment, index, length, 0, gap));
  }
}
