package io.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Partition;
import io.sluice.log.RecordKey;
import io.sluice.log.TopicId;
import io.sluice.protocol.ClientMessage;
import io.sluice.protocol.ClientMessage.Malformed;
import io.sluice.protocol.Command;
import io.sluice.protocol.CommandId;
import io.sluice.protocol.Overflow;
import io.sluice.protocol.StartingPoint;
import io.sluice.protocol.SubscribeOptions;
import io.sluice.protocol.ValueForm;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCommandsTest {
  @Test
  void subscribeHasDefaults() {
    assertThat(read("{'type':'subscribe','id':1,'channel':'orders'}"))
        .isEqualTo(new Command.Subscribe(new CommandId.Number(1), "orders", SubscribeOptions.NONE));
  }

  @Test
  void subscribeTakesPositionsAndTopicIds() {
    ClientMessage message =
        read(
            "{'channel':'orders','from':{'positions':{'orders':{'0':120,'1':98}},'topicIds':{'orders':'abc'}},"
                + "'overflow':'skip','value':'text','mode':'broadcast','type':'subscribe'}");
    assertThat(message).isInstanceOf(Command.Subscribe.class);
    Command.Subscribe subscribe = (Command.Subscribe) message;
    assertThat(subscribe.id()).isNull();
    assertThat(subscribe.options().overflow()).isEqualTo(Overflow.SKIP);
    assertThat(subscribe.options().value()).isEqualTo(ValueForm.TEXT);
    if (!(subscribe.options().from() instanceof StartingPoint.At at)) {
      throw new AssertionError(subscribe);
    }
    assertThat(at.positions().byPartition())
        .isEqualTo(Map.of(new Partition("orders", 0), 120L, new Partition("orders", 1), 98L));
    assertThat(at.topicIds()).isEqualTo(Map.of("orders", new TopicId("abc")));
  }

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
    Command.Publish publish = (Command.Publish) JsonCommands.read(text);
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
    Command.Publish publish = (Command.Publish) JsonCommands.read(text);
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
        "{} | type",
        "{'type':5} | type",
        "{'type':'fly'} | type",
        "{'type':'ping','extra':1} | extra",
        "{'type':'ping'} {} | ",
        "{'type':'ping','type':'ping'} | type",
        "{'type':'ping','id':1.5} | id",
        "{'type':'ping','id':null} | id",
        "{'type':'ping','id':9007199254740992} | id",
        "{'type':'ping','id':{}} | id",
        "{'type':'subscribe'} | channel",
        "{'type':'subscribe','channel':1} | channel",
        "{'type':'subscribe','channel':'c','from':'now'} | from",
        "{'type':'subscribe','channel':'c','from':7} | from",
        "{'type':'subscribe','channel':'c','from':{'tail':0}} | from.tail",
        "{'type':'subscribe','channel':'c','from':{'tail':5,'timestamp':1}} | from.timestamp",
        "{'type':'subscribe','channel':'c','from':{'timestamp':-1}} | from.timestamp",
        "{'type':'subscribe','channel':'c','from':{'timestamp':'yesterday'}} | from.timestamp",
        "{'type':'subscribe','channel':'c','from':{'timestamp':'2026-01-31T12:00:00'}} | from.timestamp",
        "{'type':'subscribe','channel':'c','from':{'positions':{'c':{'0':-1}}}} | from.positions.c.0",
        "{'type':'subscribe','channel':'c','from':{'positions':{'c':{'x':1}}}} | from.positions.c.x",
        "{'type':'subscribe','channel':'c','from':{'positions':{'c':{'00':1}}}} | from.positions.c.00",
        "{'type':'subscribe','channel':'c','from':{'positions':{'c':{'0':9223372036854775808}}}} | from.positions.c.0",
        "{'type':'subscribe','channel':'c','from':{'positions':{'c':{'0':1e3}}}} | from.positions.c.0",
        "{'type':'subscribe','channel':'c','from':{'positions':[]}} | from.positions",
        "{'type':'subscribe','channel':'c','overflow':'drop'} | overflow",
        "{'type':'subscribe','channel':'c','value':'xml'} | value",
        "{'type':'subscribe','channel':'c','mode':'group'} | mode",
        "{'type':'subscribe','channel':'c','mode':'all'} | mode",
        "{'type':'subscribe','channel':'c','filter':'true'} | filter",
        "{'type':'subscribe','channel':'c','credit':-1} | credit",
        "{'type':'subscribe','channel':'c','credit':1.5} | credit",
        "{'type':'subscribe','channel':'c','maxRate':0} | maxRate",
        "{'type':'subscribe','channel':'c','maxRate':1e9} | maxRate",
        "{'type':'subscribe','channel':'c','maxRate':'5'} | maxRate",
        "{'type':'subscribe','channel':'c','key':null} | key",
        "{'type':'subscribe','channel':'c','key':7} | key",
        "{'type':'subscribe','channel':'c','fields':'total'} | fields",
        "{'type':'subscribe','channel':'c','fields':[]} | fields",
        "{'type':'subscribe','channel':'c','fields':['total',1]} | fields.1",
        "{'type':'credit','subscription':1} | records",
        "{'type':'credit','subscription':1,'records':0} | records",
        "{'type':'describe','channel':5} | channel",
        "{'type':'unsubscribe'} | subscription",
        "{'type':'unsubscribe','subscription':-1} | subscription",
        "{'type':'unsubscribe','subscription':'1'} | subscription",
        "{'type':'publish','channel':'c'} | value",
        "{'type':'publish','channel':'c','records':[]} | records",
        "{'type':'publish','channel':'c','records':{}} | records",
        "{'type':'publish','channel':'c','records':[1]} | records[0]",
        "{'type':'publish','channel':'c','records':[{'value':1},{}]} | records[1].value",
        "{'type':'publish','channel':'c','records':[{'value':1}],'value':1} | value",
        "{'type':'publish','channel':'c','value':1,'partition':-1} | partition",
        "{'type':'publish','channel':'c','value':1,'partition':2147483648} | partition",
        "{'type':'publish','channel':'c','value':1,'key':1} | key",
        "{'type':'publish','channel':'c','value':1,'headers':[]} | headers",
        "{'type':'publish','channel':'c','value':1,'headers':{'a':1}} | headers.a",
        "{'type':'publish','channel':'c','value':1,'headers':{'a':[1]}} | headers.a.0",
        "{'type':'publish','channel':'c','value':'%','valueType':'base64'} | value",
        "{'type':'publish','channel':'c','value':1,'valueType':'text'} | value",
        "{'type':'publish','channel':'c','value':1,'valueType':'xml'} | valueType",
        "{'type':'publish','channel':'c','value':'\\ud800'} | value",
        "{'type':'publish','channel':'c','value':1,'key':'\\ud800'} | key",
        "{'type':'publish','channel':'c','value':1,'atomic':true} | atomic",
        "{'type':'publish','channel':'c','value':1,'messageId':'m'} | messageId",
        "{'type':'publish','channel':'c','records':[{'value':1}],'messageId':'m'} | messageId",
        "{'type':'ack'} | type",
        "{'type':'authenticate'} | type",
      })
  void whatIsWrongIsNamed(String text, String field) {
    ClientMessage message = read(text == null ? "" : text);
    assertThat(message).isInstanceOf(Malformed.class);
    Malformed malformed = (Malformed) message;
    assertThat(malformed.field()).isEqualTo(field);
    assertThat(malformed.message()).isNotBlank().doesNotContain("Exception").hasSizeLessThan(600);
  }

  @Test
  void idIsKeptWhereTheRestIsWrong() {
    assertThat(read("{'id':'q','type':'fly'}").id()).isEqualTo(new CommandId.Text("q"));
    assertThat(read("{'type':'ping','extra':1,'id':7}").id()).isEqualTo(new CommandId.Number(7));
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
  void aCommandHasLimitsThatItsErrorNames() {
    String many =
        "{'type':'publish','channel':'c','records':["
            + "{'value':1},".repeat(10_000)
            + "{'value':1}]}";
    assertThat(((Malformed) read(many)).field()).isEqualTo("records");
    assertThat(((Malformed) read(many)).message()).contains("10000");
    StringBuilder headers =
        new StringBuilder("{'type':'publish','channel':'c','value':1,'headers':{'a':'b'");
    for (int i = 0; i < 256; i++) {
      headers.append(",'h").append(i).append("':'x'");
    }
    assertThat(((Malformed) read(headers + "}}")).field()).isEqualTo("headers");
  }

  @Test
  void longNamesOfTheClientAreCutInErrors() {
    Malformed malformed = (Malformed) read("{'type':'ping','" + "x".repeat(1000) + "':1}");
    assertThat(malformed.field()).hasSizeLessThan(110);
    assertThat(malformed.message()).hasSizeLessThan(300);
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
    assertThat(JsonCommands.read(text)).isInstanceOf(Malformed.class);
  }

  @Test
  void byteOrderMarkIsRefused() {
    byte[] text = "\uFEFF{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(JsonCommands.read(text)).isInstanceOf(Malformed.class);
  }

  private static Command.NewRecord record(String fields) {
    Command.Publish publish =
        (Command.Publish) read("{'type':'publish','channel':'c'," + fields + "}");
    assertThat(publish.single()).isTrue();
    return publish.records().getFirst();
  }

  private static ClientMessage read(String text) {
    return JsonCommands.read(bytes(text.replace('\'', '"')));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String shown(@Nullable ByteBuffer value) {
    return value == null ? "null" : StandardCharsets.UTF_8.decode(value.duplicate()).toString();
  }
}
