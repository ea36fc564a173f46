package io.sluice.websocket.handshake;

/**
 * A request that asks for a WebSocket.
 *
 * @param method as it came, {@code GET} in HTTP/1.1
 * @param path decoded or not; not looked at here, the caller routed by it
 * @param httpVersion {@code HTTP/1.1} and the like
 * @param headers in the order in which they came
 */
public record UpgradeRequest(
    String method, String path, String httpVersion, RequestHeaders headers) {

  /** Without path and headers: both may carry a token. */
  @Override
  public String toString() {
    return "upgrade request over " + httpVersion;
  }
}
