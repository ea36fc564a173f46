package io.sluice.websocket.handshake;

import java.util.List;
import java.util.Set;

/**
 * Which web pages may open a socket: without this any page could, with the visitor's cookies (RFC
 * 6455 §10.2, CWE-1385).
 *
 * @param allowed origins such as {@code https://shop.example}, compared exactly: no pattern, no
 *     suffix, no other case
 */
public record OriginPolicy(Set<String> allowed) {
  /** Only pages of the request's own host. */
  public static final OriginPolicy SAME_HOST = new OriginPolicy(Set.of());

  public OriginPolicy {
    allowed = Set.copyOf(allowed);
  }

  /**
   * Whether a request may come from there. No {@code Origin} at all is no browser and is allowed;
   * two are nobody's.
   *
   * @param origins values of the {@code Origin} fields
   * @param host value of the {@code Host} field
   */
  public boolean allows(List<String> origins, String host) {
    if (origins.isEmpty()) {
      return true;
    }
    if (origins.size() > 1) {
      return false;
    }
    String origin = origins.getFirst();
    return allowed.contains(origin) || isOf(origin, host);
  }

  /**
   * Whether {@code origin} is a scheme of the web, {@code ://} and exactly {@code host}, port
   * included.
   */
  private static boolean isOf(String origin, String host) {
    return !host.isEmpty() && (origin.equals("http://" + host) || origin.equals("https://" + host));
  }
}
