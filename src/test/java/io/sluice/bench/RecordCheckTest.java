package io.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordCheckTest {
  private static final int VALUE_BYTES = 100;

  private final List<Long> due = new ArrayList<>();
  private final RecordCheck check = new RecordCheck(Subprotocol.JSON, VALUE_BYTES, 0);

  private static byte[] message(long... seqs) {
    List<byte[]> values =
        LongStream.of(seqs).mapToObj(seq -> StampedValue.of(VALUE_BYTES, seq, seq * 10)).toList();
    byte[] frame = Envelope.frame("orders", 500, 1_790_000_000_000L, values);
    String text = new String(frame, StandardCharsets.ISO_8859_1);
    return text.substring(text.indexOf('{')).getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void recordsInOrderAreTakenWithTheMomentsAtWhichTheyWereDue() {
    assertThat(read(message(0, 1, 2))).isNull();
    assertThat(read(message(3))).isNull();
    assertThat(due).containsExactly(0L, 10L, 20L, 30L);
    assertThat(check.next()).isEqualTo(4);
  }

  @Test
  void aRecordThatIsMissingIsSeen() {
    assertThat(read(message(0, 2))).isEqualTo("record 2 came where 1 was due");
  }

  @Test
  void aRecordThatComesTwiceIsSeen() {
    assertThat(read(message(0))).isNull();
    assertThat(read(message(0))).isEqualTo("record 0 came where 1 was due");
  }

  @Test
  void oneBitThatIsDifferentIsSeen() {
    byte[] message = message(0);
    int padding = new String(message, StandardCharsets.US_ASCII).indexOf("xxx") + 1;
    message[padding] ^= 1;
    assertThat(read(message)).contains("not what was sent");
  }

  @Test
  void whatIsSkippedIsDueNoMore() {
    assertThat(read(message(0))).isNull();
    check.skip(5);
    assertThat(read(message(5))).isNull();
    assertThat(check.next()).isEqualTo(6);
  }

  @Test
  void aMessageWithoutValueIsSeen() {
    assertThat(read("{}".getBytes(StandardCharsets.US_ASCII))).contains("no value");
  }

  private @Nullable String read(byte[] message) {
    return check.read(message, message.length, due::add);
  }
}
