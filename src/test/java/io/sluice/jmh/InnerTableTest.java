package io.sluice.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class InnerTableTest {
  private static final Map<String, String> SMALL = Map.of("bytes", "64");

  private final InnerTable table = new InnerTable();

  @Test
  void aBaselineStandsBesideOursWithTheRatioOfTheirTimes() {
    table.add(new InnerTable.Figure("Masking", SMALL, "netty", 30, 33, 1.5, 0));
    table.add(new InnerTable.Figure("Masking", SMALL, "sluice", 20, 21, 0.25, 8));

    assertThat(table.markdown().lines().skip(2))
        .containsExactly(
            "| Masking | 64 | 20.0 (21.0 ± 0.25) | 8.00 | netty | 30.0 (33.0 ± 1.50) | 0.00 | 1.50 |");
  }

  @Test
  void anotherSizeIsNoBaseline() {
    table.add(new InnerTable.Figure("Masking", Map.of("bytes", "1024"), "netty", 30, 31, 1, 0));
    table.add(
        new InnerTable.Figure("Masking", SMALL, "sluice", 1234.5, 1240, Double.NaN, Double.NaN));

    assertThat(table.markdown().lines().skip(2))
        .containsExactly("| Masking | 64 | 1,235 (1,240) | ? | | | | |");
  }
}
