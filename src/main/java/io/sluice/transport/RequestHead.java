package io.sluice.transport;

import io.netty.handler.codec.http.HttpRequest;
import io.sluice.websocket.handshake.RequestHeaders;
import io.sluice.websocket.handshake.UpgradeRequest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the body of an HTTP/1.1 request.
 *
 * @param method as it came
 * @param path of the target, as it came: nothing is decoded
 * @param query of the target, without its question mark; {@code null} where there is none
 * @param version {@code HTTP/1.1} and the like
 * @param headers in the order in which they came
 */
record RequestHead(
    String method, String path, @Nullable String query, String version, RequestHeaders headers) {

  static RequestHead of(HttpRequest request) {
    String uri = request.uri();
    int authority = uri.startsWith("/") ? -1 : uri.indexOf("://");
    int start =
        authority < 0 ? 0 : uri.indexOf('/', authority + 3); // absolute-form (RFC 9112 §3.2.2)
    int mark = uri.indexOf('?');
    int end = mark < 0 ? uri.length() : mark;
    return new RequestHead(
        request.method().name(),
        start < 0 || start >= end ? "/" : uri.substring(start, end),
        mark < 0 ? null : uri.substring(mark + 1),
        request.protocolVersion().text(),
        () -> request.headers().iteratorAsString());
  }

  /**
   * Whether a WebSocket is wanted. Other protocols that a client merely offers (h2c) are ignored,
   * as a server may (RFC 9110 §7.8).
   */
  boolean asksForWebSocket() {
    return elements("Upgrade").contains("websocket");
  }

  /** The request for a WebSocket that this is. */
  UpgradeRequest upgrade() {
    return new UpgradeRequest(method, path, version, headers);
  }

  /** Whether {@code mediaType} is named among those that the client takes, and not refused. */
  boolean accepts(String mediaType) {
    for (String range : elements("Accept")) {
      int semicolon = range.indexOf(';');
      String type = semicolon < 0 ? range : range.substring(0, semicolon).strip();
      String weight = semicolon < 0 ? "" : range.substring(semicolon).replace(" ", "");
      if (type.equals(mediaType) && !weight.matches(".*;q=0(\\.0*)?")) {
        return true;
      }
    }
    return false;
  }

  /** The media type of the body, without parameters; empty where none is given. */
  String mediaType() {
    String type = first("Content-Type");
    int semicolon = type == null ? -1 : type.indexOf(';');
    return type == null
        ? ""
        : (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }

  /** The first field of that name; {@code null} where there is none. */
  @Nullable String first(String name) {
    List<String> all = headers.all(name);
    return all.isEmpty() ? null : all.getFirst();
  }

  /** The elements of a list, in lower case. */
  private List<String> elements(String name) {
    return headers.all(name).stream()
        .flatMap(value -> List.of(value.split(",", -1)).stream())
        .map(element -> element.strip().toLowerCase(Locale.ROOT))
        .toList();
  }

  /** Without target and headers: both may carry a token. */
  @Override
  public String toString() {
    return method + " over " + version;
  }
}
