package io.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.protocol.Command;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Event;
import io.sluice.testing.Json;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AsyncApiTest {
  /** Events whose class is called otherwise than the message. */
  private static final Map<String, String> NAMES =
      Map.of("missing", "gap", "scanned", "position", "refused", "error");

  private final AsyncApi api = AsyncApi.read();

  @Test
  void theDocumentIsAsyncApi3() {
    assertThat(api.violations()).isEmpty();
  }

  @Test
  void everyCommandIsThere() {
    assertThat(api.typesOf("command")).isEqualTo(names(Command.class));
  }

  @Test
  void everyEventIsThere() {
    Set<String> expected = names(Event.class);
    expected.add("records"); // encoded by the relay, once for all
    assertThat(api.typesOf("event")).isEqualTo(expected);
  }

  @Test
  void everyMessageHasAForm() {
    Set<String> expected = new TreeSet<>(api.typesOf("command"));
    expected.addAll(api.typesOf("event"));
    assertThat(api.types()).isEqualTo(expected);
  }

  @Test
  void everyErrorCodeIsAllowed() {
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(
              api.complaints(
                  Json.read(
                      "{\"type\":\"error\",\"code\":\"" + code.word() + "\",\"message\":\"m\"}")))
          .isEmpty();
    }
  }

  @Test
  void aWrongMessageIsSeen() {
    assertThat(api.complaints(Json.read("{\"type\":\"live\"}"))).isNotEmpty();
    assertThat(api.complaints(Json.read("{\"type\":\"live\",\"subscription\":\"1\"}")))
        .isNotEmpty();
    assertThat(api.complaints(Json.read("{\"type\":\"live\",\"subscription\":1,\"x\":2}")))
        .hasSize(1);
    assertThat(api.complaints(Json.read("{\"type\":\"fly\"}"))).hasSize(1);
  }

  /** The permitted classes of a sealed interface, as {@code type} calls them. */
  private static Set<String> names(Class<?> sealed) {
    Set<String> names = new TreeSet<>();
    Arrays.stream(sealed.getPermittedSubclasses())
        .map(each -> each.getSimpleName().toLowerCase(java.util.Locale.ROOT))
        .map(name -> NAMES.getOrDefault(name, name))
        .forEach(names::add);
    return names;
  }
}
