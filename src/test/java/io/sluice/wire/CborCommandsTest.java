package io.sluice.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.sluice.log.Header;
import io.sluice.log.Partition;
import io.sluice.log.RecordKey;
import io.sluice.protocol.ClientMessage;
import io.sluice.protocol.ClientMessage.Malformed;
import io.sluice.protocol.Command;
import io.sluice.protocol.CommandId;
import io.sluice.protocol.StartingPoint;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands byte by byte: what only CBOR has, and what of CBOR no command may have. */
class CborCommandsTest {
  /** {@code "type":"ping"}, without a map around it. */
  private static final String TYPE_PING = "64 74797065 64 70696e67";

  private static final String PING_ID = "a2" + TYPE_PING + "62 6964";

  private static final String SUBSCRIBE =
      "64 74797065 69 737562736372696265 67 6368616e6e656c 61 63";
  private static final String PUBLISH = "64 74797065 67 7075626c697368 67 6368616e6e656c 61 63";
  private static final String KEY = "63 6b6579";
  private static final String VALUE = "65 76616c7565";
  private static final String HEADERS = "67 68656164657273";

  /** The examples of RFC 8949 appendix A, each as the id of a command. */
  @ParameterizedTest
  @CsvSource({
    "00, 0",
    "01, 1",
    "0a, 10",
    "17, 23",
    "1818, 24",
    "1819, 25",
    "1864, 100",
    "1903e8, 1000",
    "1a000f4240, 1000000",
    "1b000000e8d4a51000, 1000000000000",
    "20, -1",
    "29, -10",
    "3863, -100",
    "3903e7, -1000",
    // Not in the shortest form, which a reader takes all the same.
    "1800, 0",
    "1b0000000000000001, 1",
    "60, ''",
    "6161, a",
    "6449455446, IETF",
    "62225c, '\"\\'",
    "62c3bc, ü",
    "63e6b0b4, 水",
    "64f0908591, 𐅑",
    "7f657374726561646d696e67ff, streaming"
  })
  void integersAndTextsAreIds(String hex, String id) {
    CommandId expected =
        hex.matches("[0-3].*") ? new CommandId.Number(Long.parseLong(id)) : new CommandId.Text(id);
    assertThat(read(PING_ID + hex)).isEqualTo(new Command.Ping(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Beyond 2^53, beyond 64 bits, bignums
        "1b0020000000000000",
        "1bffffffffffffffff",
        "3bffffffffffffffff",
        "c249010000000000000000",
        "c349010000000000000000",
        // Floating-point numbers, whole ones too
        "f90000",
        "f93c00",
        "fb3ff199999999999a",
        "fa47c35000",
        "f97e00",
        "f97c00",
        // Simple values
        "f4",
        "f5",
        "f6",
        "f7",
        "f0",
        "e5",
        "f8ff",
        // Tags, of whatever
        "c074323031332d30332d32315432303a30343a30305a",
        "c11a514b67b0",
        "d74401020304",
        "d9d9f76161",
        "d82076687474703a2f2f7777772e6578616d706c652e636f6d",
        // Byte strings, arrays, maps
        "40",
        "4401020304",
        "5f42010243030405ff",
        "80",
        "83010203",
        "8301820203820405",
        "9f018202039f0405ffff",
        "a0",
        "a201020304",
        "bf61610161629f0203ffff"
      })
  void everythingElseIsNoId(String hex) {
    Malformed malformed = malformed(PING_ID + hex);
    assertThat(malformed.field()).isEqualTo("id");
    assertThat(malformed.message()).contains("must be", "integer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ff",
        "a2" + TYPE_PING, // a pair is missing
        "a1 64 74797065", // a value is missing
        "a1 64 7479", // cut in a string
        PING_ID + "19 00", // cut in a number
        PING_ID + "1c", // reserved
        PING_ID + "3d",
        PING_ID + "de",
        PING_ID + "1f", // numbers and tags have no indefinite length
        PING_ID + "3f",
        PING_ID + "df 00",
        PING_ID + "f8 18", // a simple value in the long form of a short one
        PING_ID + "ff", // a break where a value has to stand
        PING_ID + "82 01 ff", // a break in an array of known length
        PING_ID + "9f 01", // no break
        PING_ID + "bf 61 61 ff", // half a pair
        PING_ID + "7f 01 ff", // a piece of another kind
        PING_ID + "7f 41 61 ff",
        PING_ID + "7f 7f 61 61 ff ff", // a piece of indefinite length
        PING_ID + "5b 7fffffffffffffff 00", // more bytes than there are
        PING_ID + "7b ffffffffffffffff 00",
        PING_ID + "9b ffffffffffffffff 00", // more elements than there are bytes
        PING_ID + "bb 4000000000000000 00",
        "bb 7fffffffffffffff" + TYPE_PING
      })
  void whatIsNotWellFormedIsRefusedAsAWhole(String hex) {
    Malformed malformed = malformed(hex);
    assertThat(malformed.field()).isNull();
    assertThat(malformed.message()).matches("This is not well-formed CBOR at byte \\d+\\.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "62 c0af", // overlong
        "63 eda080", // a surrogate
        "64 f4908080", // above U+10FFFF
        "62 e282", // cut
        "61 80",
        "7f 61 c3 61 a9 ff" // each piece has to be whole (§3.2.3)
      })
  void textThatIsNotUtf8IsRefused(String hex) {
    for (String message :
        new String[] {PING_ID + hex, "a1" + hex + "00", "a1 61 61 81 a1 01" + hex}) {
      Malformed malformed = malformed(message);
      assertThat(malformed.field()).isNull();
      assertThat(malformed.message()).contains("not UTF-8 at byte");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "61 61", "80", "f6", "41 00", "c1 a0", "d9d9f7 80"})
  void aMessageIsAMap(String hex) {
    Malformed malformed = malformed(hex);
    assertThat(malformed.field()).isNull();
    assertThat(malformed.message()).isEqualTo("A message must be a CBOR map.");
  }

  @Test
  void nothingStandsBehindTheMap() {
    Malformed malformed = malformed(PING_ID + "05 00");
    assertThat(malformed.message()).contains("more behind it");
    assertThat(malformed.id()).isEqualTo(new CommandId.Number(5));
  }

  @Test
  void theMarkOfSelfDescribedCborIsIgnored() {
    assertThat(read("d9d9f7" + PING_ID + "05"))
        .isEqualTo(new Command.Ping(new CommandId.Number(5)));
    assertThat(malformed("d9d9f7 d9d9f7" + PING_ID + "05").message())
        .contains("must be a CBOR map");
  }

  @Test
  void lengthsMayBeIndefiniteEverywhere() {
    // {_ (_ "ty", "pe"): (_ "publish"), "channel": "c", "records": [_ {_ "value": (_ h'00',
    // h'ff')}]}
    Command.Publish publish =
        (Command.Publish)
            read(
                "bf 7f 62 7479 62 7065 ff 7f 67 7075626c697368 ff 67 6368616e6e656c 61 63"
                    + "67 7265636f726473 9f bf"
                    + VALUE
                    + "5f 41 00 40 41 ff ff ff ff ff");
    assertThat(publish.records().getFirst().value()).isEqualTo(new byte[] {0, -1});
  }

  @ParameterizedTest
  @CsvSource({
    "a2 64 74797065 64 70696e67 64 74797065 64 70696e67, type",
    "a2 64 74797065 64 70696e67 7f 64 74797065 ff 64 70696e67, type",
    "a3 64 74797065 64 70696e67 62 6964 01 62 6964 01, id"
  })
  void aNameStandsOnce(String hex, String field) {
    Malformed malformed = malformed(hex);
    assertThat(malformed.field()).isEqualTo(field);
    assertThat(malformed.message()).contains("twice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"01", "20", "41 61", "f6", "c1 61 61", "f9 0000", "80", "1bffffffffffffffff"})
  void namesAreTexts(String name) {
    Malformed malformed = malformed("a2" + TYPE_PING + name + "00");
    assertThat(malformed.field()).isNull();
    assertThat(malformed.message()).isEqualTo("The names in a message must be text strings.");
    Malformed inside = malformed("a4" + PUBLISH + VALUE + "40" + HEADERS + "a1" + name + "f6");
    assertThat(inside.field()).isEqualTo("headers");
    assertThat(inside.message()).contains("The names in the field headers must be text strings.");
  }

  @Test
  void nestingIsLimited() {
    assertThat(malformed(PING_ID + "81".repeat(60) + "00").field()).isEqualTo("id");
    for (String open : new String[] {"81", "9f", "c1", "a1 00", "bf 00"}) {
      Malformed malformed = malformed(PING_ID + open.repeat(100_000) + "00");
      assertThat(malformed.message()).contains("nested too deep at byte");
    }
  }

  /** {"from": {"positions": {"c": {0: 1, "1": 2, 24: 2^62}}}}. */
  @Test
  void partitionsAreNamedByIntegersOrDigits() {
    Command.Subscribe subscribe =
        (Command.Subscribe) read(from("a3 00 01 61 31 02 1818 1b4000000000000000"));
    if (!(subscribe.options().from() instanceof StartingPoint.At at)) {
      throw new AssertionError(subscribe);
    }
    assertThat(at.positions().byPartition())
        .isEqualTo(
            Map.of(
                new Partition("c", 0), 1L,
                new Partition("c", 1), 2L,
                new Partition("c", 24), 1L << 62));
  }

  @ParameterizedTest
  @CsvSource({
    "a2 00 01 61 30 01, from.positions.c.0", // twice
    "a1 20 01, from.positions.c", // -1 names nothing
    "a1 1b0000000100000000 01, from.positions.c.4294967296",
    "a1 00 20, from.positions.c.0",
    "a1 00 f93c00, from.positions.c.0",
    "a1 00 c24101, from.positions.c.0",
    "a1 00 1b8000000000000000, from.positions.c.0",
    "a1 41 30 01, from.positions.c"
  })
  void wrongPositionsAreNamed(String partitions, String field) {
    assertThat(malformed(from(partitions)).field()).isEqualTo(field);
  }

  private static String from(String partitions) {
    return "a3" + SUBSCRIBE + "64 66726f6d a1 69 706f736974696f6e73 a1 61 63" + partitions;
  }

  @ParameterizedTest
  @ValueSource(strings = {"f9 3800", "fa 3f000000", "fb 3fe0000000000000"})
  void decimalsOfEveryWidthAreNumbers(String half) {
    Command.Subscribe subscribe =
        (Command.Subscribe) read("a3" + SUBSCRIBE + "67 6d617852617465" + half);
    assertThat(subscribe.options().maxRate()).isEqualTo(0.5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"f9 7e00", "f9 7c00", "f9 fc00", "1bffffffffffffffff", "c4 82 20 05"})
  void whatIsNoNumberOfEverydayIsNoRate(String rate) {
    assertThat(malformed("a3" + SUBSCRIBE + "67 6d617852617465" + rate).field())
        .isEqualTo("maxRate");
  }

  @Test
  void keysAreBytesOrTexts() {
    for (String key : new String[] {"42 3432", "62 3432", "5f 41 34 41 32 ff"}) {
      Command.Subscribe subscribe = (Command.Subscribe) read("a3" + SUBSCRIBE + KEY + key);
      assertThat(subscribe.options().key()).isEqualTo(RecordKey.of("42"));
    }
    // {"base64": "NDI="}
    Malformed wrapped = malformed("a3" + SUBSCRIBE + KEY + "a1 66 626173653634 64 4e44493d");
    assertThat(wrapped.field()).isEqualTo("key");
    assertThat(wrapped.message()).contains("a byte string, a text string").doesNotContain("base64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"6a736f6e", "74657874", "626173653634"})
  void theOptionValueIsOfNoUseInCbor(String word) {
    String length = word.length() == 8 ? "64" : "66";
    Malformed malformed = malformed("a3" + SUBSCRIBE + VALUE + length + word);
    assertThat(malformed.field()).isEqualTo("value");
    assertThat(malformed.message()).contains("must be auto in CBOR");
  }

  @Test
  void aRecordHasBytesTextsAndNulls() {
    // value h'00ff', key "ä", headers {"a": [h'01', null, "x"], "b": null}
    Command.NewRecord record =
        record(
            VALUE + "42 00ff" + KEY + "62 c3a4" + HEADERS + "a2 61 61 83 41 01 f6 61 78 61 62 f6",
            3);
    assertThat(record.value()).isEqualTo(new byte[] {0, -1});
    assertThat(record.key()).isEqualTo("ä".getBytes(UTF_8));
    assertThat(record.headers())
        .containsExactly(
            new Header("a", ByteBuffer.wrap(new byte[] {1})),
            new Header("a", null),
            new Header("a", ByteBuffer.wrap(new byte[] {'x'})),
            new Header("b", null));
  }

  @Test
  void aTextIsStoredAsItsUtf8AndNullIsATombstone() {
    assertThat(record(VALUE + "64 74727565", 1).value()).isEqualTo("true".getBytes(UTF_8));
    assertThat(record(VALUE + "40", 1).value()).isEmpty();
    assertThat(record(VALUE + "f6", 1).value()).isNull();
    assertThat(record(VALUE + "40" + KEY + "f6", 2).key()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"01", "f93c00", "f5", "f7", "80", "a0", "d9d9f740", "c24101"})
  void aValueOfAnotherKindIsRefusedByName(String value) {
    Malformed malformed = malformed("a3" + PUBLISH + VALUE + value);
    assertThat(malformed.field()).isEqualTo("value");
    assertThat(malformed.message()).contains("must be a byte string, a text string or null.");
  }

  @Test
  void valueTypeBelongsToJson() {
    Malformed malformed =
        malformed("a4" + PUBLISH + VALUE + "61 78 69 76616c756554797065 64 74657874");
    assertThat(malformed.field()).isEqualTo("valueType");
    assertThat(malformed.message()).contains("belongs to JSON");
  }

  @Test
  void idIsKnownWhereTheMessageGoesWrongBehindIt() {
    assertThat(malformed("a3 62 6964 07" + TYPE_PING + "1c").id())
        .isEqualTo(new CommandId.Number(7));
    assertThat(malformed("a2 1c" + TYPE_PING).id()).isNull();
  }

  @Test
  void manyPiecesCostLinearTime() {
    // Each header a string in pieces: were each given room for the rest of the message, 20 GB.
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(HexFormat.of().parseHex(hex("a3" + PUBLISH + HEADERS + "a1 61 61 9f")));
    for (int i = 0; i < 200_000; i++) {
      message.writeBytes(new byte[] {0x5f, 0x41, 1, 0x41, 2, (byte) 0xff});
    }
    message.write(0xff);
    ClientMessage read =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10), () -> MessageFormat.CBOR.read(message.toByteArray()));
    assertThat(((Malformed) read).field()).isEqualTo("headers");
  }

  private static Command.NewRecord record(String fields, int count) {
    Command.Publish publish =
        (Command.Publish) read(Integer.toHexString(0xa2 + count) + PUBLISH + fields);
    return publish.records().getFirst();
  }

  private static Malformed malformed(String hex) {
    ClientMessage message = read(hex);
    assertThat(message).isInstanceOf(Malformed.class);
    return (Malformed) message;
  }

  private static ClientMessage read(String hex) {
    return MessageFormat.CBOR.read(HexFormat.of().parseHex(hex(hex)));
  }

  private static String hex(String spaced) {
    return spaced.replace(" ", "");
  }
}
