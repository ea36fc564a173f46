package io.sluice.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is counted of connections that end. */
class TransportCountersTest {
  private final TransportCounters counters = new TransportCounters();

  @Test
  void eachCodeThatTheGatewayKnowsIsCountedByItself() {
    counters.countClosed(4408);
    counters.countClosed(1006);
    counters.countClosed(1006);
    assertThat(counters.closedWith("4408")).isEqualTo(1);
    assertThat(counters.closedWith("1006")).isEqualTo(2);
    assertThat(counters.closedWith("1000")).isZero();
  }

  @Test
  void codesThatClientsInventAreCountedTogether() {
    int before = counters.closeCodes().size();
    counters.countClosed(3001);
    counters.countClosed(4999);
    assertThat(counters.closedWith("other")).isEqualTo(2);
    assertThat(counters.closeCodes()).hasSize(before);
  }
}
