package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.sluice.websocket.handshake.UpgradeAnswer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that answer a request for a WebSocket. Made here and not by Netty's codec, which is on
 * its way out of the pipeline when they are written. Everything in them is our own words: nothing
 * of a request is repeated.
 */
final class HttpAnswer {
  private HttpAnswer() {}

  /** The 101, or a refusal as {@code application/problem+json} (RFC 9457). */
  static ByteBuf of(UpgradeAnswer answer, ByteBufAllocator allocator) {
    return switch (answer) {
      case UpgradeAnswer.Accepted accepted ->
          bytes(
              allocator, HttpResponseStatus.SWITCHING_PROTOCOLS, accepted.responseHeaders(), null);
      case UpgradeAnswer.Refused refused -> {
        HttpResponseStatus status = HttpResponseStatus.valueOf(refused.status());
        yield bytes(
            allocator, status, refused.responseHeaders(), problem(status, refused.detail()));
      }
    };
  }

  private static String problem(HttpResponseStatus status, String detail) {
    return "{\"type\":\"about:blank\",\"title\":\""
        + status.reasonPhrase()
        + "\",\"status\":"
        + status.code()
        + ",\"detail\":\""
        + detail.replace("\\", "\\\\").replace("\"", "\\\"")
        + "\"}";
  }

  private static ByteBuf bytes(
      ByteBufAllocator allocator,
      HttpResponseStatus status,
      List<Map.Entry<String, String>> headers,
      @Nullable String body) {
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
    for (Map.Entry<String, String> header : headers) {
      head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
    }
    ByteBuf out = allocator.directBuffer();
    if (body == null) {
      out.writeCharSequence(head.append("\r\n"), StandardCharsets.US_ASCII);
      return out;
    }
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    head.append("Content-Type: application/problem+json\r\nContent-Length: ")
        .append(content.length)
        .append("\r\n\r\n");
    out.writeCharSequence(head, StandardCharsets.US_ASCII);
    return out.writeBytes(content);
  }
}
