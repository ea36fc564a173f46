package io.sluice.websocket.handshake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a server says to a request for a WebSocket. */
public sealed interface UpgradeAnswer {
  /** The response's header fields, in order. */
  List<Map.Entry<String, String>> responseHeaders();

  /**
   * The upgrade may go on, if the caller's own checks (who, and how many) allow it: 101.
   *
   * @param acceptKey proof that the key was read (RFC 6455 §4.2.2)
   * @param subprotocol the name from our own list; null where none is selected
   * @param extensions value of {@code Sec-WebSocket-Extensions} in the response; empty where none
   *     is agreed
   * @param credentials sub-protocol offers {@code bearer.…} and {@code bearer64.…} as they came;
   *     secret
   */
  record Accepted(
      String acceptKey, @Nullable String subprotocol, String extensions, List<String> credentials)
      implements UpgradeAnswer {
    public Accepted {
      credentials = List.copyOf(credentials);
    }

    @Override
    public List<Map.Entry<String, String>> responseHeaders() {
      List<Map.Entry<String, String>> fields = new ArrayList<>();
      fields.add(Map.entry("Upgrade", "websocket"));
      fields.add(Map.entry("Connection", "Upgrade"));
      fields.add(Map.entry("Sec-WebSocket-Accept", acceptKey));
      if (subprotocol != null) {
        fields.add(Map.entry("Sec-WebSocket-Protocol", subprotocol));
      }
      if (!extensions.isEmpty()) {
        fields.add(Map.entry("Sec-WebSocket-Extensions", extensions));
      }
      return fields;
    }

    @Override
    public String toString() {
      return "accepted, sub-protocol " + subprotocol + ", extensions [" + extensions + "]";
    }
  }

  /**
   * The upgrade is refused; the connection must be closed after the response, whatever follows in
   * it (RFC 9112 §9.6).
   *
   * @param status 400, 403 or 426
   * @param detail one English sentence for the body; holds nothing of the request
   * @param responseHeaders {@code Connection: close} and what the status asks for
   */
  record Refused(int status, String detail, List<Map.Entry<String, String>> responseHeaders)
      implements UpgradeAnswer {
    public Refused {
      responseHeaders = List.copyOf(responseHeaders);
    }
  }
}
