package io.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.testing.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StampedValueTest {
  @Test
  void hasTheSizeAskedForAndIsJson() {
    byte[] value = StampedValue.of(200, 42, 1_234_567);
    assertThat(value).hasSize(200);
    var read = Json.read(new String(value, StandardCharsets.US_ASCII));
    assertThat(read.path("seq").asLong()).isEqualTo(1_000_000_042L);
    assertThat(read.path("at").asLong()).isEqualTo(1_000_000_000_001_234_567L);
  }

  @Test
  void bothNumbersAreFoundFromTheEnd() {
    byte[] value = StampedValue.of(StampedValue.SMALLEST, 999_999_999, 123_456_789_012_345L);
    assertThat(StampedValue.endsAt(value, value.length)).isTrue();
    assertThat(StampedValue.seq(value, value.length)).isEqualTo(999_999_999);
    assertThat(StampedValue.at(value, value.length)).isEqualTo(123_456_789_012_345L);
  }

  @Test
  void otherMessagesDoNotEndInAValue() {
    byte[] other = "{\"type\":\"live\",\"subscription\":17}".getBytes(StandardCharsets.US_ASCII);
    assertThat(StampedValue.endsAt(other, other.length)).isFalse();
    assertThat(StampedValue.endsAt(other, 3)).isFalse();
  }

  @Test
  void aNumberThatDoesNotFitIsRefused() {
    byte[] value = StampedValue.blank(200);
    assertThatThrownBy(() -> StampedValue.stamp(value, 200, 1_000_000_000, 0))
        .hasMessageContaining("9 digits");
    assertThatThrownBy(() -> StampedValue.blank(10)).hasMessageContaining("at least");
  }
}
