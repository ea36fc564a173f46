package io.sluice.websocket.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which codes may stand in a close frame (RFC 6455 §7.4.2). */
final class CloseCodeTest {
  @Test
  void onlyRegisteredCodesAndTheTwoFreeRangesMayBeSent() {
    Set<Integer> below3000 =
        IntStream.range(0, 3000).filter(CloseCode::mayBeSent).boxed().collect(Collectors.toSet());
    assertThat(below3000)
        .containsExactlyInAnyOrder(
            1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014);
    assertThat(IntStream.range(3000, 5000)).allMatch(CloseCode::mayBeSent);
    assertThat(IntStream.range(5000, 65_536)).noneMatch(CloseCode::mayBeSent);
  }
}
