package io.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.testing.Cbor;
import io.sluice.testing.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubprotocolTest {
  private static byte[] message(Subprotocol subprotocol, String json) {
    return subprotocol.payload(json);
  }

  @ParameterizedTest
  @EnumSource
  void aMessageSaysItsType(Subprotocol subprotocol) {
    for (String type : List.of("welcome", "subscribed", "live", "published", "gap")) {
      byte[] message = message(subprotocol, "{\"type\":\"" + type + "\",\"id\":0}");
      assertThat(subprotocol.type(message, message.length)).isEqualTo(type);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatShowsNoTypeHasNone(Subprotocol subprotocol) {
    byte[] message = message(subprotocol, "{\"id\":0,\"type\":\"welcome\"}");
    for (int length = 0; length <= message.length; length++) {
      assertThat(subprotocol.type(message, length)).isEmpty();
    }
  }

  /** One of each head that a byte string of a value can have. */
  @ParameterizedTest
  @ValueSource(ints = {60, 200, 255, 256, 4096})
  void recordsInCborAreTakenWithTheMomentsAtWhichTheyWereDue(int valueBytes) {
    ObjectNode message = Json.message("records").put("subscription", 1);
    ArrayNode records = message.putArray("records");
    for (long seq = 0; seq < 3; seq++) {
      records
          .addObject()
          .put("topic", "orders")
          .put("offset", seq)
          .putNull("key")
          .put("value", StampedValue.of(valueBytes, seq, seq * 10));
    }
    // Jackson leaves lengths open, and so writes one byte more behind each record and all.
    byte[] bytes = Cbor.bytes(message);
    List<Long> due = new ArrayList<>();
    RecordCheck check = new RecordCheck(Subprotocol.CBOR, valueBytes, 0);
    assertThat(check.read(bytes, bytes.length, due::add)).isNull();
    assertThat(due).containsExactly(0L, 10L, 20L);
    assertThat(check.next()).isEqualTo(3);
  }

  @Test
  void theRequestNamesTheSubprotocol() {
    assertThat(new String(Subprotocol.CBOR.upgrade(), StandardCharsets.US_ASCII))
        .contains("Sec-WebSocket-Protocol: sluice.v1.cbor\r\n")
        .endsWith("\r\n\r\n");
  }
}
