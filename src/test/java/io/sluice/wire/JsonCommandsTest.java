package io.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.RecordKey;
import io.sluice.protocol.ClientMessage;
import io.sluice.protocol.ClientMessage.Malformed;
import io.sluice.protocol.Command;
import io.sluice.protocol.CommandId;
import io.sluice.protocol.StartingPoint;
import io.sluice.protocol.SubscribeOptions;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCommandsTest {
  @Test
  void subscribeTakesEveryOptionOfBroadcast() {
    assertThat(
            read(
                "{'type':'subscribe','channel':'orders','from':{'timestamp':'2026-01-31T13:00:00+01:00'},"
                    + "'key':{'base64':'NDI='},'fields':['total','customer.name'],'credit':0,'maxRate':0.5}"))
        .isEqualTo(
            new Command.Subscribe(
                null,
                "orders",
                new SubscribeOptions(
                    new StartingPoint.Timestamp(1_769_860_800_000L),
                    null,
                    null,
                    RecordKey.of("42"),
                    List.of("total", "customer.name"),
                    0L,
                    0.5)));
  }

  @Test
  void valueIsKeptAsTheVeryBytesThatWereSent() {
    String value = "{ \"b\" : 1.50,\n \"a\" : [ 1e2 , \"\\u00e4ä\" ] }";
    byte[] text =
        ("{\"type\":\"publish\",\"channel\":\"orders\", \"value\" :  " + value + " ,\"key\":\"k\"}")
            .getBytes(StandardCharsets.UTF_8);
    Command.Publish publish = (Command.Publish) MessageFormat.JSON.read(text);
    assertThat(publish.records().getFirst().value())
        .isEqualTo(value.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5|5",
        "'\"x\"'|'\"x\"'",
        "-1.5e3|-1.5e3",
        "true|true",
        "[]|[]",
        "'\"\\u00e4\"'|'\"\\u00e4\"'"
      })
  void scalarsAreKeptAsTheyAre(String value, String stored) {
    byte[] text =
        ("{\"type\":\"publish\",\"channel\":\"c\",\"value\":" + value + "}")
            .getBytes(StandardCharsets.UTF_8);
    Command.Publish publish = (Command.Publish) MessageFormat.JSON.read(text);
    assertThat(new String(publish.records().getFirst().value(), StandardCharsets.UTF_8))
        .isEqualTo(stored);
  }

  @Test
  void nullIsATombstoneUnlessItIsSaidToBeJson() {
    assertThat(record("'value':null").value()).isNull();
    assertThat(record("'value':null,'valueType':'json'").value()).isEqualTo(bytes("null"));
  }

  @Test
  void textAndBase64AreDecoded() {
    assertThat(record("'value':'a\\nb','valueType':'text'").value()).isEqualTo(bytes("a\nb"));
    assertThat(record("'value':'AP8=','valueType':'base64'").value()).isEqualTo(new byte[] {0, -1});
    assertThat(record("'value':1,'key':{'base64':'AP8='}").key()).isEqualTo(new byte[] {0, -1});
  }

  @Test
  void repeatedAndNullHeadersKeepTheirOrder() {
    Command.NewRecord record =
        record("'value':1,'headers':{'a':['x',null,{'base64':'AQ=='}],'b':'y','c':null}");
    assertThat(record.headers().stream().map(header -> header.name() + "=" + shown(header.value())))
        .containsExactly("a=x", "a=null", "a=\u0001", "b=y", "c=null");
  }

  @Test
  void severalRecordsKeepTheirOrder() {
    Command.Publish publish =
        (Command.Publish)
            read(
                "{'type':'publish','id':'p','channel':'c','records':[{'value':1,'partition':2},{'value':2,'timestamp':7}]}");
    assertThat(publish.single()).isFalse();
    assertThat(publish.records()).hasSize(2);
    assertThat(publish.records().get(0).partition()).isEqualTo(2);
    assertThat(publish.records().get(1).timestamp()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | ",
        "hello | ",
        "[] | ",
        "{'type':'ping'} {} | ",
        "{'type':'ping','type':'ping'} | type",
        "{'type':'subscribe','channel':'c','from':{'positions':{'c':{'0':1e3}}}} | from.positions.c.0",
        "{'type':'publish','channel':'c','value':'%','valueType':'base64'} | value",
        "{'type':'publish','channel':'c','value':1,'valueType':'text'} | value",
        "{'type':'publish','channel':'c','value':1,'valueType':'xml'} | valueType",
        "{'type':'publish','channel':'c','value':'\\ud800'} | value",
        "{'type':'publish','channel':'c','value':1,'key':'\\ud800'} | key",
      })
  void whatIsWrongInJsonOnlyIsNamed(String text, String field) {
    ClientMessage message = read(text == null ? "" : text);
    assertThat(message).isInstanceOf(Malformed.class);
    Malformed malformed = (Malformed) message;
    assertThat(malformed.field()).isEqualTo(field);
    assertThat(malformed.message()).isNotBlank().doesNotContain("Exception").hasSizeLessThan(600);
  }

  @Test
  void idIsKnownWhereTheTextGoesWrongBehindIt() {
    assertThat(read("{'id':7,'type':'publish','value':tru}").id())
        .isEqualTo(new CommandId.Number(7));
    String longNumber = "{'type':'publish','channel':'c','value':" + "1".repeat(101) + ",'id':8}";
    assertThat(read(longNumber)).isInstanceOf(Malformed.class);
    assertThat(read(longNumber).id()).isEqualTo(new CommandId.Number(8));
    assertThat(((Malformed) read(longNumber)).field()).isEqualTo("value");
  }

  @Test
  void idOfSomethingElseInTheMessageIsNotItsId() {
    String twice =
        "{'type':'publish','channel':'c','value':1,'headers':{'id':'x','a':'1','a':'2'}}";
    assertThat(((Malformed) read(twice)).field()).isEqualTo("headers.a");
    assertThat(read(twice).id()).isNull();
  }

  @Test
  void whatTheParserSaysOfItselfIsNotRepeated() {
    for (String text :
        new String[] {
          "{'a':tru}", "{'a':" + "[".repeat(2000), "{'a':1" + "1".repeat(20_000) + "}"
        }) {
      assertThat(((Malformed) read(text)).message())
          .doesNotContain("Stream", "Jackson", "Json", "Source");
    }
  }

  @Test
  void aBrokenNumberIsNotTheIdOfItsComplaint() {
    assertThat(read("{'id':01,'type':'ping'}").id()).isNull();
  }

  @Test
  void escapesInNamesAreUnderstoodWhereverTheyStand() {
    assertThat(read("{'id':1,'ty\\u0070e':'ping'}"))
        .isEqualTo(new Command.Ping(new CommandId.Number(1)));
    assertThat(read("{'id':1,'type':'ping','\\u0069d':2}"))
        .isEqualTo(
            new Malformed(new CommandId.Number(1), "The field id stands there twice.", "id"));
    Command.Publish publish =
        (Command.Publish)
            read(
                "{'type':'publish','channel':'c','records':[{'value':1},{'val\\u0075e':'\\ud83d\\ude00'}]}");
    assertThat(publish.records().stream().map(it -> new String(it.value(), StandardCharsets.UTF_8)))
        .containsExactly("1", "\"\\ud83d\\ude00\"");
  }

  @Test
  void deepValueIsRefusedAndNotTheMessageAroundIt() {
    String deep = "[".repeat(JsonText.MAX_DEPTH + 1) + "]".repeat(JsonText.MAX_DEPTH + 1);
    ClientMessage message = read("{'type':'publish','id':3,'channel':'c','value':" + deep + "}");
    assertThat(message).isInstanceOf(Malformed.class);
    assertThat(message.id()).isEqualTo(new CommandId.Number(3));
    assertThat(read("{'type':'publish','channel':'c','value':" + "[".repeat(100_000)))
        .isInstanceOf(Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
  void onlyUtf8IsJson(String charset) {
    // With its zero bytes it is valid UTF-8 too, but never JSON.
    byte[] text = "{\"type\":\"ping\"}".getBytes(Charset.forName(charset));
    assertThat(MessageFormat.JSON.read(text)).isInstanceOf(Malformed.class);
  }

  @Test
  void byteOrderMarkIsRefused() {
    byte[] text = "\uFEFF{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(MessageFormat.JSON.read(text)).isInstanceOf(Malformed.class);
  }

  private static Command.NewRecord record(String fields) {
    Command.Publish publish =
        (Command.Publish) read("{'type':'publish','channel':'c'," + fields + "}");
    assertThat(publish.single()).isTrue();
    return publish.records().getFirst();
  }

  private static ClientMessage read(String text) {
    return MessageFormat.JSON.read(bytes(text.replace('\'', '"')));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String shown(@Nullable ByteBuffer value) {
    return value == null ? "null" : StandardCharsets.UTF_8.decode(value.duplicate()).toString();
  }
}
