package io.sluice.websocket;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The wire cases of RFC 6455 §7. */
final class ClosingWireTest {
  @TestFactory
  Stream<DynamicNode> everyCaseHoldsHoweverItIsCut() {
    return WireRun.topic("closing");
  }
}
