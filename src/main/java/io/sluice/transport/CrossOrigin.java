package io.sluice.transport;

import io.sluice.websocket.handshake.OriginPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may send HTTP requests here, and what their browsers have to be told (Fetch
 * standard, "CORS protocol"). Immutable: any thread.
 *
 * @param policy the rule that holds for WebSockets too
 */
record CrossOrigin(OriginPolicy policy) {
  private static final Map.Entry<String, String> VARY = Map.entry("Vary", "Origin");

  /** What is wrong with where {@code request} comes from; {@code null} where nothing is. */
  @Nullable HttpAnswer refusal(RequestHead request) {
    List<String> hosts = request.headers().all("Host");
    if (hosts.size() != 1 || hosts.getFirst().isEmpty()) {
      return HttpAnswer.problem(400, "Host must be given once.");
    }
    return policy.allows(request.headers().all("Origin"), hosts.getFirst())
        ? null
        : HttpAnswer.problem(403, "Pages of this origin may not connect.").with(List.of(VARY));
  }

  /** Header fields of every answer to a page that is listed; pages of our own host need none. */
  List<Map.Entry<String, String>> headers(RequestHead request) {
    String origin = request.first("Origin");
    return origin == null || !policy.allowed().contains(origin)
        ? List.of()
        : List.of(
            Map.entry("Access-Control-Allow-Origin", origin),
            Map.entry("Access-Control-Expose-Headers", "Retry-After"),
            VARY);
  }

  /**
   * The answer to {@code OPTIONS}: what may be done here, and what a page may do.
   *
   * @param methods those that are known here
   * @param fields header fields that a page may set
   */
  HttpAnswer preflight(RequestHead request, String methods, String fields) {
    List<Map.Entry<String, String>> told = new ArrayList<>(headers(request));
    told.add(Map.entry("Allow", methods));
    if (request.first("Access-Control-Request-Method") != null) {
      told.add(Map.entry("Access-Control-Allow-Methods", methods));
      told.add(Map.entry("Access-Control-Allow-Headers", fields));
      told.add(Map.entry("Access-Control-Max-Age", "600"));
    }
    return HttpAnswer.empty(204, told);
  }
}
