package io.sluice.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Reads an event stream as a browser does (HTML §9.2.6), cut in any way. One thread at a time. */
public final class EventParser {
  /** What a stream says. */
  public interface Listener {
    /** An event; {@code name} is {@code message} where the stream gives none. */
    void onEvent(String name, String data);

    /** From now on this is where the stream is. */
    void onId(String id);

    /** How long to wait before coming back. */
    void onRetry(long millis);
  }

  private final Listener listener;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();
  private String name = "";
  private String id = "";
  private boolean afterReturn;
  private boolean idCame;

  public EventParser(Listener listener) {
    this.listener = listener;
  }

  /** Reads the next bytes. */
  public void read(byte[] bytes, int from, int length) {
    for (int i = from; i < from + length; i++) {
      byte b = bytes[i];
      if (b == '\n' && afterReturn) {
        afterReturn = false;
        continue;
      }
      afterReturn = b == '\r';
      if (b == '\n' || b == '\r') {
        onLine(line.toString(StandardCharsets.UTF_8));
        line.reset();
      } else {
        line.write(b);
      }
    }
  }

  private void onLine(String text) {
    if (text.isEmpty()) {
      onBlockEnd();
      return;
    }
    int colon = text.indexOf(':');
    String field = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    value = value.startsWith(" ") ? value.substring(1) : value;
    switch (field) {
      case "event" -> name = value;
      case "data" -> data.append(value).append('\n');
      case "id" -> {
        id = value;
        idCame = true;
      }
      case "retry" -> listener.onRetry(Long.parseLong(value));
      case "" -> {} // a comment
      default -> throw new AssertionError("A field that no browser knows: " + text);
    }
  }

  private void onBlockEnd() {
    if (idCame) {
      idCame = false;
      listener.onId(id);
    }
    if (!data.isEmpty()) {
      listener.onEvent(name.isEmpty() ? "message" : name, data.substring(0, data.length() - 1));
    }
    name = "";
    data.setLength(0);
  }
}
