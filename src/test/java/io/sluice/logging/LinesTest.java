package io.sluice.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

/** How an event looks as a line, for people and for programs. */
class LinesTest {
  private final LoggingEvent event = new LoggingEvent();
  private final List<KeyValuePair> pairs = new ArrayList<>();

  LinesTest() {
    event.setTimeStamp(Instant.parse("2026-03-01T12:30:01.123Z").toEpochMilli());
    event.setLevel(Level.INFO);
    event.setLoggerName("io.sluice.transport.WebSocketConnection");
    event.setThreadName("loop-1");
    event.setKeyValuePairs(pairs);
  }

  @Test
  void peopleReadTimeLevelClassAndSentence() {
    event.setMessage("A connection ended.");
    assertThat(text())
        .matches("\\d\\d:\\d\\d:01\\.123 INFO  WebSocketConnection - A connection ended\\.\n");
  }

  @Test
  void peopleReadKeysBehindTheSentence() {
    event.setMessage("A connection ended.");
    pair(LogKeys.CONNECTION, "1f3a-7");
    pair(LogKeys.CODE, 1002);
    assertThat(text()).endsWith(" - A connection ended. {connection=1f3a-7, code=1002}\n");
  }

  @Test
  void aValueCannotBeTakenForAnotherKey() {
    event.setMessage("Refused.");
    pair(LogKeys.ORIGIN, "x, code=1000}");
    pair(LogKeys.PATH, "a\"b");
    pair(LogKeys.REASON, "");
    assertThat(text())
        .endsWith(" - Refused. {origin=\"x, code=1000}\", path=\"a\\\"b\", reason=\"\"}\n");
  }

  @Test
  void programsReadTheSameAsMembers() throws IOException {
    event.setMessage("A connection ended.");
    pair(LogKeys.CONNECTION, "1f3a-7");
    pair(LogKeys.CODE, 1002);
    pair(LogKeys.MILLIS, 7L);
    pair(LogKeys.KAFKA_ANSWERED, true);
    pair(LogKeys.REASON, null);
    assertThat(json())
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"timestamp":"2026-03-01T12:30:01.123Z","level":"INFO",
                     "logger":"io.sluice.transport.WebSocketConnection","thread":"loop-1",
                     "message":"A connection ended.","connection":"1f3a-7","code":1002,"millis":7,
                     "kafkaAnswered":true,"reason":null}\
                    """));
  }

  @Test
  void whateverIsSaidIsOneLineAndCut() throws IOException {
    String hostile = "\"\\\r\n{\"level\":\"ERROR\"}\u001b[2J\u202e" + "z".repeat(1_000_000);
    event.setMessage(hostile);
    event.setThrowableProxy(new ThrowableProxy(new IOException(hostile)));
    pair(LogKeys.ORIGIN, hostile);

    assertThat(text().chars().filter(c -> c < ' ').toArray()).containsExactly('\n');
    assertThat(text().length()).isLessThan(3_000);
    JsonNode line = json();
    assertThat(line.path("message").asText())
        .hasSize(512)
        .startsWith("\"\\\\r\\n{\"level\":\"ERROR\"}\\u001b[2J\\u202ezzz");
    assertThat(line.path("origin").asText()).hasSize(200);
    assertThat(line.path("level").asText()).isEqualTo("INFO");
  }

  @Test
  void anExceptionIsToldWithItsCausesOnTheSameLine() throws IOException {
    event.setMessage("It failed.");
    event.setThrowableProxy(
        new ThrowableProxy(new IllegalStateException("outer\nforged", new IOException("inner"))));
    assertThat(text())
        .contains(
            " - It failed. | java.lang.IllegalStateException: outer\\nforged at io.sluice.logging.LinesTest.")
        .contains("; cause: java.io.IOException: inner at io.sluice.logging.LinesTest.")
        .containsOnlyOnce("\n");
    assertThat(json().path("error").asText()).contains("; cause: java.io.IOException: inner at ");
  }

  private void pair(String key, @Nullable Object value) {
    pairs.add(new KeyValuePair(key, value));
  }

  private String text() {
    return new String(new TextLines().encode(event), UTF_8);
  }

  private JsonNode json() throws IOException {
    String line = new String(new JsonLines().encode(event), UTF_8);
    assertThat(line).endsWith("}\n").containsOnlyOnce("\n");
    return new ObjectMapper().readTree(line);
  }
}
