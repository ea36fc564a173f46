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
import io.sluice.testing.Cbor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for commands in either format; what only one of them has is tested by itself. */
class CommandsTest {
  @ParameterizedTest
  @EnumSource
  void subscribeHasDefaults(MessageFormat format) {
    assertThat(read(format, "{'type':'subscribe','id':1,'channel':'orders'}"))
        .isEqualTo(new Command.Subscribe(new CommandId.Number(1), "orders", SubscribeOptions.NONE));
  }

  @ParameterizedTest
  @EnumSource
  void subscribeTakesEveryOptionOfBroadcast(MessageFormat format) {
    assertThat(
            read(
                format,
                "{'channel':'orders','mode':'broadcast','overflow':'skip','value':'auto','key':'42',"
                    + "'fields':['total','customer.name'],'credit':0,'maxRate':0.5,"
                    + "'from':{'timestamp':'2026-01-31T13:00:00+01:00'},'type':'subscribe'}"))
        .isEqualTo(
            new Command.Subscribe(
                null,
                "orders",
                new SubscribeOptions(
                    new StartingPoint.Timestamp(1_769_860_800_000L),
                    Overflow.SKIP,
                    ValueForm.AUTO,
                    RecordKey.of("42"),
                    List.of("total", "customer.name"),
                    0L,
                    0.5)));
  }

  @ParameterizedTest
  @EnumSource
  void fromTakesPositionsAndTopicIds(MessageFormat format) {
    Command.Subscribe subscribe =
        (Command.Subscribe)
            read(
                format,
                "{'type':'subscribe','channel':'orders',"
                    + "'from':{'positions':{'orders':{'0':120,'1':98}},'topicIds':{'orders':'abc'}}}");
    if (!(subscribe.options().from() instanceof StartingPoint.At at)) {
      throw new AssertionError(subscribe);
    }
    assertThat(at.positions().byPartition())
        .isEqualTo(Map.of(new Partition("orders", 0), 120L, new Partition("orders", 1), 98L));
    assertThat(at.topicIds()).isEqualTo(Map.of("orders", new TopicId("abc")));
  }

  @ParameterizedTest
  @EnumSource
  void theOtherCommandsAreUnderstood(MessageFormat format) {
    CommandId id = new CommandId.Text("i");
    assertThat(read(format, "{'type':'ping','id':'i'}")).isEqualTo(new Command.Ping(id));
    assertThat(read(format, "{'type':'unsubscribe','id':'i','subscription':9007199254740991}"))
        .isEqualTo(new Command.Unsubscribe(id, CommandId.MAX_NUMBER));
    assertThat(read(format, "{'type':'credit','id':'i','subscription':7,'records':100}"))
        .isEqualTo(new Command.Credit(id, 7, 100));
    assertThat(read(format, "{'type':'describe','id':'i','channel':'a.*'}"))
        .isEqualTo(new Command.Describe(id, "a.*"));
    assertThat(read(format, "{'type':'ping','id':-70000}"))
        .isEqualTo(new Command.Ping(new CommandId.Number(-70_000)));
  }

  @ParameterizedTest
  @EnumSource
  void maxRateMayBeAnInteger(MessageFormat format) {
    Command.Subscribe subscribe =
        (Command.Subscribe) read(format, "{'type':'subscribe','channel':'c','maxRate':25}");
    assertThat(subscribe.options().maxRate()).isEqualTo(25.0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | type",
        "{'type':5} | type",
        "{'type':'fly'} | type",
        "{'type':'ping','extra':1} | extra",
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
        "{'type':'subscribe','channel':'c','fields':['total',1]} | fields[1]",
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
        "{'type':'publish','channel':'c','records':[{'value':'x'},{}]} | records[1].value",
        "{'type':'publish','channel':'c','records':[{'value':'x'}],'value':'x'} | value",
        "{'type':'publish','channel':'c','value':'x','partition':-1} | partition",
        "{'type':'publish','channel':'c','value':'x','partition':2147483648} | partition",
        "{'type':'publish','channel':'c','value':'x','key':1} | key",
        "{'type':'publish','channel':'c','value':'x','headers':[]} | headers",
        "{'type':'publish','channel':'c','value':'x','headers':{'a':1}} | headers.a",
        "{'type':'publish','channel':'c','value':'x','headers':{'a':[1]}} | headers.a[0]",
        "{'type':'publish','channel':'c','value':'x','atomic':true} | atomic",
        "{'type':'publish','channel':'c','value':'x','messageId':'m'} | messageId",
        "{'type':'publish','channel':'c','records':[{'value':'x'}],'messageId':'m'} | messageId",
        "{'type':'ack'} | type",
        "{'type':'authenticate'} | type",
      })
  void whatIsWrongIsNamed(String text, String field) {
    for (MessageFormat format : MessageFormat.values()) {
      ClientMessage message = read(format, text);
      assertThat(message).as("%s", format).isInstanceOf(Malformed.class);
      Malformed malformed = (Malformed) message;
      assertThat(malformed.field()).as("%s", format).isEqualTo(field);
      assertThat(malformed.message())
          .as("%s", format)
          .isNotBlank()
          .doesNotContain("Exception")
          .hasSizeLessThan(600);
    }
  }

  @ParameterizedTest
  @EnumSource
  void idIsKeptWhereTheRestIsWrong(MessageFormat format) {
    assertThat(read(format, "{'id':'q','type':'fly'}").id()).isEqualTo(new CommandId.Text("q"));
    assertThat(read(format, "{'type':'ping','extra':1,'id':7}").id())
        .isEqualTo(new CommandId.Number(7));
  }

  @ParameterizedTest
  @EnumSource
  void aCommandHasLimitsThatItsErrorNames(MessageFormat format) {
    String many =
        "{'type':'publish','channel':'c','records':["
            + "{'value':'x'},".repeat(10_000)
            + "{'value':'x'}]}";
    assertThat(((Malformed) read(format, many)).field()).isEqualTo("records");
    assertThat(((Malformed) read(format, many)).message()).contains("10000");
    StringBuilder headers =
        new StringBuilder("{'type':'publish','channel':'c','value':'x','headers':{'a':'b'");
    for (int i = 0; i < 256; i++) {
      headers.append(",'h").append(i).append("':'x'");
    }
    assertThat(((Malformed) read(format, headers + "}}")).field()).isEqualTo("headers");
  }

  @ParameterizedTest
  @EnumSource
  void asManyPositionsAreTakenAsAreAllowed(MessageFormat format) {
    assertThat(read(format, resuming(10_000, "t"))).isInstanceOf(Command.Subscribe.class);
    Malformed tooMany = (Malformed) read(format, resuming(10_001, "t"));
    assertThat(tooMany.field()).isEqualTo("from.positions");
    assertThat(tooMany.message()).contains("at most 10000 partitions");
    StringBuilder topics = new StringBuilder("'t0':{}");
    for (int i = 1; i <= 10_000; i++) {
      topics.append(",'t").append(i).append("':{}");
    }
    assertThat(((Malformed) read(format, from("'positions':{" + topics + "}"))).message())
        .contains("at most 10000 topics");
    assertThat(
            ((Malformed)
                    read(
                        format,
                        from("'positions':{},'topicIds':{" + topics.toString().replace("{}", "'i'"))
                            .replace("}}", "}}}")))
                .field())
        .isEqualTo("from.topicIds");
  }

  @ParameterizedTest
  @EnumSource
  void positionsNameTopics(MessageFormat format) {
    assertThat(read(format, resuming(1, "t".repeat(249)))).isInstanceOf(Command.Subscribe.class);
    Malformed malformed = (Malformed) read(format, resuming(1, "t".repeat(250)));
    assertThat(malformed.field()).startsWith("from.positions.ttt");
    assertThat(malformed.message()).contains("at most 249").hasSizeLessThan(300);
  }

  private static String resuming(int partitions, String topic) {
    StringBuilder offsets = new StringBuilder("'0':1");
    for (int i = 1; i < partitions; i++) {
      offsets.append(",'").append(i).append("':1");
    }
    return from("'positions':{'" + topic + "':{" + offsets + "}}");
  }

  private static String from(String at) {
    return "{'type':'subscribe','channel':'c','from':{" + at + "}}";
  }

  @ParameterizedTest
  @EnumSource
  void aKeyHasAtMost8KiB(MessageFormat format) {
    String start = "{'type':'subscribe','channel':'c','key':'ä";
    assertThat(read(format, start + "k".repeat(8_190) + "'}"))
        .isInstanceOf(Command.Subscribe.class);
    Malformed malformed = (Malformed) read(format, start + "k".repeat(8_191) + "'}");
    assertThat(malformed.field()).isEqualTo("key");
    assertThat(malformed.message()).isEqualTo("The field key must have at most 8192 bytes.");
  }

  @ParameterizedTest
  @EnumSource
  void longNamesOfTheClientAreCutInErrors(MessageFormat format) {
    Malformed malformed = (Malformed) read(format, "{'type':'ping','" + "x".repeat(1000) + "':1}");
    assertThat(malformed.field()).hasSizeLessThan(110);
    assertThat(malformed.message()).hasSizeLessThan(300);
  }

  private static ClientMessage read(MessageFormat format, String text) {
    String json = text.replace('\'', '"');
    return format.read(
        switch (format) {
          case JSON -> json.getBytes(StandardCharsets.UTF_8);
          case CBOR -> Cbor.fromJson(json);
        });
  }
}
