package io.sluice.transport;

import io.sluice.relay.WireFormat;
import io.sluice.websocket.frame.Opcode;
import io.sluice.wire.MessageFormat;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sub-protocols of {@code /v1/ws} (PROTOCOL §1): the same messages, each in its own frames. */
enum Subprotocol {
  JSON("sluice.v1.json", WireFormat.JSON, MessageFormat.JSON, Opcode.TEXT, "text"),
  CBOR("sluice.v1.cbor", WireFormat.CBOR, MessageFormat.CBOR, Opcode.BINARY, "binary");

  private final String title;
  private final WireFormat format;
  private final MessageFormat messages;
  private final Opcode opcode;
  private final String frames;

  Subprotocol(
      String title, WireFormat format, MessageFormat messages, Opcode opcode, String frames) {
    this.title = title;
    this.format = format;
    this.messages = messages;
    this.opcode = opcode;
    this.frames = frames;
  }

  /** The names by which clients offer them. */
  static List<String> names() {
    return Arrays.stream(values()).map(each -> each.title).toList();
  }

  /** The one that was agreed on; JSON where nothing was offered. */
  static Subprotocol named(@Nullable String title) {
    if (title == null) {
      return JSON;
    }
    return Arrays.stream(values())
        .filter(each -> each.title.equals(title))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("Agreed on what is not spoken: " + title));
  }

  /** How the relay calls its records. */
  WireFormat format() {
    return format;
  }

  /** How its messages look. */
  MessageFormat messages() {
    return messages;
  }

  /** The only kind of frame in which they come and go. */
  Opcode opcode() {
    return opcode;
  }

  /** What is said to a peer that sends another kind. */
  String complaint() {
    return title + " takes " + frames + " messages only.";
  }
}
