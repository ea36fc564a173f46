package io.sluice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeasurementTest {
  @Test
  void isOneSmallJsonObject() {
    assertThat(new Measurement("cpu.0", 12.5, "%").toJson())
        .isEqualTo("{\"metric\":\"cpu.0\",\"value\":12.5,\"unit\":\"%\"}");
  }

  @ParameterizedTest
  @CsvSource({"0,0", "-0.0,0", "0.0001,0", "1e12,1000000000000", "0.12345,0.123", "-2.5,-2.5"})
  void numbersArePlainAndShort(double value, String written) {
    assertThat(new Measurement("m", value, "").toJson()).contains("\"value\":" + written + ",");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void whatJsonCannotHoldIsRefused(double value) {
    assertThatThrownBy(() -> new Measurement("m", value, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\"b", "ä"})
  void namesThatWouldNeedEscapingAreRefused(String metric) {
    assertThatThrownBy(() -> new Measurement(metric, 1, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
