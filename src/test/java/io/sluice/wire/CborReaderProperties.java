package io.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.protocol.ClientMessage;
import io.sluice.protocol.Command;
import io.sluice.testing.Cbor;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Messages that went wrong on their way: each is answered, and none is taken for another. */
class CborReaderProperties {
  private static final List<byte[]> COMMANDS =
      List.of(
          Cbor.fromJson("{\"type\":\"ping\",\"id\":7}"),
          Cbor.fromJson("{\"type\":\"credit\",\"id\":\"x\",\"subscription\":1,\"records\":100000}"),
          Cbor.fromJson(
              "{\"type\":\"subscribe\",\"channel\":\"c\",\"from\":{\"positions\":{\"c\":{\"0\":5,\"1\":600}}},"
                  + "\"fields\":[\"a\",\"b\"],\"maxRate\":0.5}"),
          Cbor.fromJson(
              "{\"type\":\"publish\",\"channel\":\"c\",\"records\":[{\"key\":\"k\",\"value\":\"v\"},"
                  + "{\"headers\":{\"a\":[\"b\",null]},\"value\":null}]}"));

  @Property(tries = 20_000)
  void whatIsUnderstoodAnotherReaderUnderstandsToo(@ForAll Random random) {
    byte[] message = COMMANDS.get(random.nextInt(COMMANDS.size())).clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      message = changed(message, random);
    }
    ClientMessage read = MessageFormat.CBOR.read(message); // whatever it is, nothing is thrown
    if (read instanceof Command command) {
      JsonNode other = Cbor.read(message);
      assertThat(other.path("type").asText())
          .isEqualToIgnoringCase(command.getClass().getSimpleName());
      assertThat(other.has("id")).isEqualTo(command.id() != null);
    }
  }

  private static byte[] changed(byte[] message, Random random) {
    int at = random.nextInt(message.length + 1);
    ByteArrayOutputStream changed = new ByteArrayOutputStream();
    changed.write(message, 0, at);
    int skipped = 0;
    switch (random.nextInt(4)) {
      case 0 -> changed.write(random.nextInt(256)); // one more
      case 1 -> skipped = 1;
      case 2 -> {
        changed.write(random.nextInt(256));
        skipped = 1;
      }
      default -> skipped = random.nextInt(4) == 0 ? message.length : 0; // cut, now and then
    }
    int rest = Math.min(message.length, at + skipped);
    changed.write(message, rest, message.length - rest);
    return changed.toByteArray();
  }
}
