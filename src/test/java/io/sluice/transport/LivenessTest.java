package io.sluice.transport;

import static io.sluice.transport.Liveness.Due.DEAD;
import static io.sluice.transport.Liveness.Due.NOTHING;
import static io.sluice.transport.Liveness.Due.PING;
import static io.sluice.transport.Liveness.Due.STALLED;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LivenessTest {
  /** A heartbeat of 20 and a stall timeout of 60, in units that the test counts itself. */
  private final Liveness liveness = new Liveness(20, 60, 1000);

  @Test
  void peerIsPingedOnceAHeartbeat() {
    assertThat(tick(1019)).isEqualTo(NOTHING);
    assertThat(tick(1020)).isEqualTo(PING);
    liveness.onInput();
    assertThat(tick(1039)).isEqualTo(NOTHING);
    assertThat(tick(1040)).isEqualTo(PING);
  }

  @Test
  void peerThatIsSilentForTwoHeartbeatsIsDead() {
    assertThat(tick(1020)).isEqualTo(PING);
    assertThat(tick(1039)).isEqualTo(NOTHING);
    assertThat(tick(1040)).isEqualTo(DEAD);
  }

  @Test
  void anyInputIsLife() {
    for (long now = 1010; now < 2000; now += 10) {
      liveness.onInput();
      assertThat(tick(now)).isNotEqualTo(DEAD);
    }
  }

  @Test
  void silenceDoesNotCountWhileTheSocketIsNotRead() {
    for (long now = 1010; now <= 2000; now += 10) {
      assertThat(liveness.tick(now, false, false)).isEqualTo(NOTHING);
    }
    assertThat(tick(2010)).isEqualTo(PING);
    assertThat(tick(2039)).isNotEqualTo(DEAD);
    assertThat(tick(2041)).isEqualTo(DEAD);
  }

  @Test
  void silenceDoesNotCountWhileTheSocketTakesNothing() {
    assertThat(liveness.tick(1030, true, true)).isEqualTo(NOTHING);
    assertThat(liveness.tick(1059, true, true)).isEqualTo(NOTHING);
    assertThat(tick(1079)).isEqualTo(PING);
  }

  @Test
  void socketThatTakesNothingForTheStallTimeoutIsStalled() {
    assertThat(liveness.tick(1030, true, true)).isEqualTo(NOTHING);
    assertThat(liveness.tick(1059, true, true)).isEqualTo(NOTHING);
    assertThat(liveness.tick(1060, true, true)).isEqualTo(STALLED);
  }

  @Test
  void socketThatTakesSomethingIsNotStalled() {
    assertThat(liveness.tick(1050, true, true)).isEqualTo(NOTHING);
    liveness.tick(1060, true, false);
    assertThat(liveness.tick(1110, true, true)).isEqualTo(NOTHING);
    assertThat(liveness.tick(1119, true, true)).isEqualTo(NOTHING);
    assertThat(liveness.tick(1120, true, true)).isEqualTo(STALLED);
  }

  private Liveness.Due tick(long now) {
    return liveness.tick(now, true, false);
  }
}
