package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import java.time.Duration;

/** {@code /v1/echo}: sends back what comes, as it came. For conformance suites and probes. */
final class EchoEndpoint implements Endpoint {
  private final WebSocketConnection socket;

  EchoEndpoint(WebSocketConnection socket) {
    this.socket = socket;
  }

  @Override
  public void onOpen() {}

  @Override
  public void onText(ByteBuf utf8) {
    socket.sendText(utf8.retain());
  }

  @Override
  public void onBinary(ByteBuf bytes) {
    socket.sendBinary(bytes.retain());
  }

  @Override
  public void onClear() {}

  @Override
  public void onAvailability(boolean available) {}

  @Override
  public void onDrain(Duration reconnectAfter) {}

  @Override
  public boolean isBusy() {
    return false;
  }

  @Override
  public void onGone() {}
}
