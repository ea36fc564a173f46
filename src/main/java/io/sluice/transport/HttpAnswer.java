package io.sluice.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Failure;
import io.sluice.websocket.handshake.UpgradeAnswer;
import io.sluice.wire.JsonProblem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A response of our own. Immutable.
 *
 * @param why what a log may say of it: our own words, nothing of a request
 * @param headers fields beside those of the body, in order
 * @param contentType of the body; {@code null} where there is none
 */
record HttpAnswer(
    int status,
    String why,
    List<Map.Entry<String, String>> headers,
    @Nullable String contentType,
    Consumer<ByteBuf> body) {
  static final Map.Entry<String, String> CLOSE = Map.entry("Connection", "close");

  /** A moment of back-off: whoever asks again at once meets the same. */
  static final Map.Entry<String, String> RETRY_AFTER = Map.entry("Retry-After", "1");

  /** A body is what its type says: a browser that guesses might find a page in a value. */
  static final Map.Entry<String, String> NO_SNIFFING =
      Map.entry("X-Content-Type-Options", "nosniff");

  static final HttpAnswer GOING_AWAY =
      problem(
              Failure.of(
                  ErrorCode.UNAVAILABLE, "This instance is going away; another one serves you."))
          .closing();

  private static final Consumer<ByteBuf> NOTHING = out -> {};

  HttpAnswer {
    headers = List.copyOf(headers);
  }

  /** Without a body. */
  static HttpAnswer empty(int status, List<Map.Entry<String, String>> headers) {
    return new HttpAnswer(status, "", headers, null, NOTHING);
  }

  /** With a body in JSON. */
  static HttpAnswer json(int status, Consumer<ByteBuf> body) {
    return new HttpAnswer(
        status, "", List.of(Map.entry("Cache-Control", "no-store")), "application/json", body);
  }

  /** The 101, or a refusal. */
  static HttpAnswer of(UpgradeAnswer answer) {
    return switch (answer) {
      case UpgradeAnswer.Accepted accepted -> empty(101, accepted.responseHeaders());
      case UpgradeAnswer.Refused refused ->
          problem(refused.status(), refused.detail()).with(refused.responseHeaders());
    };
  }

  /** A problem that is HTTP's alone (RFC 9457), in our own words. */
  static HttpAnswer problem(int status, String detail) {
    return new HttpAnswer(
        status,
        detail,
        List.of(),
        "application/problem+json",
        out -> JsonProblem.write(status, title(status), detail, out));
  }

  /** A problem of the protocol, under the status that is nearest (PROTOCOL §10). */
  static HttpAnswer problem(Failure failure) {
    int status = status(failure.code());
    return new HttpAnswer(
        status,
        failure.code().word(),
        status == 503 ? List.of(RETRY_AFTER) : List.of(),
        "application/problem+json",
        out -> JsonProblem.write(status, title(status), failure, out));
  }

  /** A parameter or header that is wrong. */
  static HttpAnswer invalid(String parameter, String message) {
    return problem(new Failure(ErrorCode.INVALID, message, parameter, null));
  }

  private static int status(ErrorCode code) {
    return switch (code) {
      case INVALID, OFFSET_OUT_OF_RANGE -> 400;
      case FORBIDDEN -> 403;
      case UNKNOWN_CHANNEL, UNKNOWN_SUBSCRIPTION, TOPIC_DELETED -> 404;
      case DUPLICATE_SUBSCRIPTION -> 409;
      case TOO_LARGE -> 413;
      case INTERNAL -> 500;
      case TOO_MANY, SLOW, UNAVAILABLE -> 503;
      case TIMEOUT -> 504;
    };
  }

  private static String title(int status) {
    return HttpResponseStatus.valueOf(status).reasonPhrase();
  }

  /** The same with more header fields. */
  HttpAnswer with(List<Map.Entry<String, String>> more) {
    List<Map.Entry<String, String>> all = new ArrayList<>(headers);
    all.addAll(more);
    return new HttpAnswer(status, why, all, contentType, body);
  }

  /** The same, with which the connection ends. */
  HttpAnswer closing() {
    return closes() ? this : with(List.of(CLOSE));
  }

  /** Whether the connection is to end with it. */
  boolean closes() {
    return headers.stream()
        .anyMatch(field ->
            field.getKey().equalsIgnoreCase("Connection")
                && field.getValue().toLowerCase(Locale.ROOT).contains("close"));
  }

  /** For the codec, which answers one request with it. */
  FullHttpResponse response(ByteBufAllocator alloc) {
    ByteBuf content = alloc.buffer();
    body.accept(content);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), content);
    headers.forEach(field -> response.headers().add(field.getKey(), field.getValue()));
    ofBody(content.readableBytes(), response.headers()::add);
    return response;
  }

  /** As bytes, for a pipeline in which no codec is left. Nothing of a request is in its head. */
  ByteBuf bytes(ByteBufAllocator alloc) {
    StringBuilder head =
        new StringBuilder("HTTP/1.1 ").append(HttpResponseStatus.valueOf(status)).append("\r\n");
    headers.forEach(field -> line(head, field.getKey(), field.getValue()));
    ByteBuf out = alloc.directBuffer();
    ByteBuf content = alloc.buffer();
    try {
      body.accept(content);
      ofBody(content.readableBytes(), (name, value) -> line(head, name, value));
      out.writeCharSequence(head.append("\r\n"), StandardCharsets.US_ASCII);
      return out.writeBytes(content);
    } finally {
      content.release();
    }
  }

  private void ofBody(int length, BiConsumer<String, String> headerFields) {
    if (contentType != null) {
      headerFields.accept("Content-Type", contentType);
      headerFields.accept("Content-Length", Integer.toString(length));
      headerFields.accept(NO_SNIFFING.getKey(), NO_SNIFFING.getValue());
    }
  }

  private static void line(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
}
