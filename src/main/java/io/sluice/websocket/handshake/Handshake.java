package io.sluice.websocket.handshake;

import io.sluice.websocket.handshake.SubprotocolPolicy.UnknownOnly;
import io.sluice.websocket.handshake.UpgradeAnswer.Accepted;
import io.sluice.websocket.handshake.UpgradeAnswer.Refused;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint's rules for the opening handshake (RFC 6455 §4.2). A value: no state, any thread.
 *
 * @param origins which pages may connect
 * @param subprotocols which sub-protocols are spoken
 * @param extensions which extensions are agreed to
 */
public record Handshake(
    OriginPolicy origins, SubprotocolPolicy subprotocols, ExtensionPolicy extensions) {
  /** Header fields of a request, at most: a browser sends about 15, proxies add some. */
  public static final int MAX_HEADERS = 64;

  /** Characters of all header names and values, at most: what servers commonly take. */
  public static final int MAX_HEADER_CHARS = 8 * 1024;

  private static final String VERSION = "13";
  private static final List<Map.Entry<String, String>> CLOSE =
      List.of(Map.entry("Connection", "close"));

  /** A 426 names what to upgrade to (RFC 9110 §15.5.22; RFC 6455 §4.2.2, item 4). */
  private static final List<Map.Entry<String, String>> UPGRADE_AND_CLOSE =
      List.of(
          Map.entry("Upgrade", "websocket"),
          Map.entry("Connection", "Upgrade, close"),
          Map.entry("Sec-WebSocket-Version", VERSION));

  /**
   * Accepts or refuses {@code request}; who asks, and whether there is room, is for the caller to
   * decide.
   */
  public UpgradeAnswer answer(UpgradeRequest request) {
    RequestHeaders headers = request.headers();
    Refused refused = checkSize(headers);
    if (refused == null) {
      refused = checkUpgrade(request);
    }
    if (refused == null) {
      // Before the key: a client of another version, whose key may look otherwise, learns ours
      // (§4.4).
      refused = checkVersion(headers);
    }
    if (refused != null) {
      return refused;
    }
    List<String> keys = headers.all("Sec-WebSocket-Key");
    if (keys.size() != 1 || !AcceptKey.isKey(keys.getFirst())) {
      return bad("Sec-WebSocket-Key must be given once: 16 bytes in base64.");
    }
    return agree(headers, AcceptKey.of(keys.getFirst()));
  }

  private static @Nullable Refused checkSize(RequestHeaders headers) {
    int count = 0;
    long chars = 0;
    for (Map.Entry<String, String> field : headers) {
      count++;
      chars += field.getKey().length() + field.getValue().length();
      if (count > MAX_HEADERS) {
        return bad("A request may have at most " + MAX_HEADERS + " header fields.");
      }
      if (chars > MAX_HEADER_CHARS) {
        return bad("Header fields may have at most " + MAX_HEADER_CHARS + " bytes in all.");
      }
    }
    return null;
  }

  /** §4.2.1 items 1 to 4: what HTTP/1.1 needs to upgrade, and HTTP/2 does without. */
  private static @Nullable Refused checkUpgrade(UpgradeRequest request) {
    RequestHeaders headers = request.headers();
    if (!request.method().equals("GET")) {
      return bad("A WebSocket is opened with GET.");
    }
    if (!request.httpVersion().equals("HTTP/1.1")) {
      return bad("A WebSocket is opened over HTTP/1.1.");
    }
    // A body would be read as frames by us and as a body by a proxy.
    List<String> lengths = headers.all("Content-Length");
    if (!headers.all("Transfer-Encoding").isEmpty()
        || !(lengths.isEmpty() || lengths.equals(List.of("0")))) {
      return bad("A request for a WebSocket has no body.");
    }
    List<String> hosts = headers.all("Host");
    if (hosts.size() != 1 || hosts.getFirst().isEmpty()) {
      return bad("Host must be given once.");
    }
    if (!HeaderLists.holdsIgnoringCase(headers.all("Upgrade"), "websocket")) {
      return upgradeRequired("This address speaks WebSocket: Upgrade must name websocket.");
    }
    if (!HeaderLists.holdsIgnoringCase(headers.all("Connection"), "Upgrade")) {
      return bad("Connection must name Upgrade.");
    }
    return null;
  }

  private static @Nullable Refused checkVersion(RequestHeaders headers) {
    List<String> versions = headers.all("Sec-WebSocket-Version");
    if (versions.size() != 1) {
      return bad("Sec-WebSocket-Version must be given once.");
    }
    if (!versions.getFirst().equals(VERSION)) {
      return upgradeRequired(
          "Only version " + VERSION + " of the WebSocket protocol is spoken here.");
    }
    return null;
  }

  /** What both HTTP versions ask: origin, sub-protocol, extensions. */
  private UpgradeAnswer agree(RequestHeaders headers, String acceptKey) {
    if (!origins.allows(headers.all("Origin"), headers.all("Host").getFirst())) {
      return new Refused(403, "Pages of this origin may not connect.", CLOSE);
    }
    List<ExtensionOffer> offers = HeaderLists.extensions(headers.all("Sec-WebSocket-Extensions"));
    if (offers == null) {
      return bad("Sec-WebSocket-Extensions is malformed.");
    }
    List<String> names = HeaderLists.tokens(headers.all("Sec-WebSocket-Protocol"));
    if (names == null) {
      return bad("Sec-WebSocket-Protocol must be a list of tokens.");
    }
    return selectSubprotocol(names, acceptKey, offers);
  }

  private UpgradeAnswer selectSubprotocol(
      List<String> offered, String acceptKey, List<ExtensionOffer> offers) {
    Set<String> seen = new HashSet<>();
    List<String> names = new ArrayList<>();
    List<String> credentials = new ArrayList<>();
    for (String offer : offered) {
      if (!seen.add(offer)) {
        return bad("A sub-protocol may be offered only once.");
      }
      (isCredential(offer) ? credentials : names).add(offer);
    }
    String selected = subprotocols.select(names);
    if (selected == null
        && !offered.isEmpty()
        && subprotocols.unknownOnly() == UnknownOnly.REFUSE) {
      return bad(
          "No sub-protocol offered is spoken here; known are "
              + String.join(", ", subprotocols.supported())
              + ".");
    }
    return new Accepted(acceptKey, selected, extensions.agree(offers), credentials);
  }

  /** A token in the place of a sub-protocol, because browsers can set no other header. */
  private static boolean isCredential(String offer) {
    return offer.startsWith("bearer.") || offer.startsWith("bearer64.");
  }

  private static Refused bad(String detail) {
    return new Refused(400, detail, CLOSE);
  }

  private static Refused upgradeRequired(String detail) {
    return new Refused(426, detail, UPGRADE_AND_CLOSE);
  }
}
