package io.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.log.Gap;
import io.sluice.log.GapReason;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.PublishOutcome;
import io.sluice.log.TopicId;
import io.sluice.protocol.CommandId;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Event;
import io.sluice.protocol.Event.Result;
import io.sluice.protocol.Failure;
import io.sluice.testing.Cbor;
import io.sluice.testing.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EventsTest {
  private static final Positions POSITIONS =
      new Positions(
          Map.of(
              new Partition("a", 0), 1L,
              new Partition("a", 10), Long.MAX_VALUE,
              new Partition("b\"", 2), 3L));
  private static final String POSITIONS_TEXT =
      "'positions':{'a':{'0':1,'10':9223372036854775807},'b\\\"':{'2':3}}";

  private static final ByteBufAllocator ALLOC = new UnpooledByteBufAllocator(false, true);

  /** An event, and what it says in JSON. */
  private record Case(Event event, String json) {}

  private static final List<Case> CASES =
      List.of(
          new Case(
              new Event.Welcome(
                  "c-1", "i", new Event.Limits(1, 200, 70_000), Duration.ofSeconds(20)),
              "{'type':'welcome','protocol':'sluice.v1','connection':'c-1','instance':'i',"
                  + "'limits':{'maxMessageBytes':1,'maxRecordBytes':200,'maxSubscriptions':70000},"
                  + "'heartbeatMs':20000}"),
          new Case(
              new Event.Subscribed(
                  new CommandId.Text("x"), 7, "a", POSITIONS, Map.of("a", new TopicId("id"))),
              "{'type':'subscribed','id':'x','subscription':7,'channel':'a',"
                  + POSITIONS_TEXT
                  + ",'topicIds':{'a':'id'}}"),
          new Case(
              new Event.Unsubscribed(new CommandId.Number(-5), 7),
              "{'type':'unsubscribed','id':-5,'subscription':7}"),
          new Case(
              new Event.Published(
                  null,
                  List.of(
                      new Result.Stored(new PublishOutcome.Stored(new Partition("a", 1), 2, 3)),
                      new Result.Refused(Failure.of(ErrorCode.TOO_LARGE, "so")))),
              "{'type':'published','records':[{'topic':'a','partition':1,'offset':2,'timestamp':3},"
                  + "{'error':{'code':'too-large','message':'so'}}]}"),
          new Case(new Event.Published(null, List.of()), "{'type':'published','records':[]}"),
          new Case(new Event.Pong(new CommandId.Number(0)), "{'type':'pong','id':0}"),
          new Case(new Event.Live(7), "{'type':'live','subscription':7}"),
          new Case(
              new Event.Missing(
                  7, new Gap(new Partition("a", 1), 2, 3, GapReason.TOO_LARGE, 4_000_000_000L)),
              "{'type':'gap','subscription':7,'topic':'a','partition':1,'from':2,'to':3,"
                  + "'reason':'too-large','size':4000000000}"),
          new Case(
              new Event.Missing(
                  7,
                  new Gap(
                      new Partition("a", 1),
                      2,
                      Gap.UNKNOWN,
                      GapReason.TOPIC_RECREATED,
                      Gap.UNKNOWN)),
              "{'type':'gap','subscription':7,'topic':'a','partition':1,'from':2,'to':null,"
                  + "'reason':'topic-recreated'}"),
          new Case(
              new Event.Scanned(7, POSITIONS),
              "{'type':'position','subscription':7," + POSITIONS_TEXT + "}"),
          new Case(
              new Event.Described(
                  new CommandId.Text(""),
                  List.of(
                      new Event.Channel(
                          "a", List.of("a", "b"), 3, true, false, List.of("broadcast")),
                      new Event.Channel("c", List.of(), 0, false, true, List.of())),
                  true),
              "{'type':'described','id':'','channels':["
                  + "{'channel':'a','topics':['a','b'],'partitions':3,'subscribe':true,'publish':false,"
                  + "'modes':['broadcast']},"
                  + "{'channel':'c','topics':[],'partitions':0,'subscribe':false,'publish':true,"
                  + "'modes':[]}],'truncated':true}"),
          new Case(
              new Event.Ended(7, Failure.of(ErrorCode.SLOW, "so"), Positions.NONE),
              "{'type':'ended','subscription':7,'code':'slow','message':'so','positions':{}}"),
          new Case(new Event.Status(false), "{'type':'status','kafka':'unavailable'}"),
          new Case(
              new Event.Draining(
                  Duration.ofMillis(1500),
                  List.of(new Event.Standing(7, POSITIONS), new Event.Standing(8, Positions.NONE))),
              "{'type':'draining','reconnectAfterMs':1500,'subscriptions':[{'subscription':7,"
                  + POSITIONS_TEXT
                  + "},{'subscription':8,'positions':{}}]}"),
          new Case(
              new Event.Refused(
                  new CommandId.Text("ä"), Failure.of(ErrorCode.INVALID, "so", "from")),
              "{'type':'error','id':'ä','code':'invalid','message':'so','field':'from'}"),
          new Case(
              new Event.Refused(
                  null,
                  new Failure(
                      ErrorCode.DUPLICATE_SUBSCRIPTION,
                      "so",
                      null,
                      new Failure.Detail.Existing(7))),
              "{'type':'error','code':'duplicate-subscription','message':'so','subscription':7}"),
          new Case(
              new Event.Refused(
                  null,
                  new Failure(
                      ErrorCode.OFFSET_OUT_OF_RANGE,
                      "so",
                      "from.positions",
                      new Failure.Detail.Range("a", 1, 2, 3))),
              "{'type':'error','code':'offset-out-of-range','message':'so','field':'from.positions',"
                  + "'topic':'a','partition':1,'oldest':2,'head':3}"));

  @Test
  void everyEventSaysInJsonWhatTheProtocolSays() {
    for (Case each : CASES) {
      assertThat(json(each.event())).isEqualTo(each.json().replace('\'', '"'));
    }
  }

  @Test
  void everyEventSaysTheSameInCbor() {
    for (Case each : CASES) {
      assertThat(Cbor.read(cbor(each.event()))).isEqualTo(tree(json(each.event())));
    }
  }

  /** Numbers in one width, as the tree of CBOR has them in another than JSON's. */
  private static JsonNode tree(String json) {
    return Cbor.read(Cbor.fromJson(json));
  }

  @Test
  void noEventIsForgottenHere() {
    Set<Class<?>> written =
        CASES.stream().map(each -> each.event().getClass()).collect(Collectors.toSet());
    assertThat(written).isEqualTo(Set.of(Event.class.getPermittedSubclasses()));
  }

  @Test
  void partitionsAreIntegersInCborAndLengthsAreShort() {
    Positions positions =
        new Positions(Map.of(new Partition("t", 0), 23L, new Partition("t", 24), 24L));
    assertThat(HexFormat.of().formatHex(cbor(new Event.Scanned(500, positions))))
        .isEqualTo(
            "a3"
                + "64"
                + hex("type")
                + "68"
                + hex("position")
                + "6c"
                + hex("subscription")
                + "1901f4"
                + "69"
                + hex("positions")
                + "a1"
                + "61"
                + hex("t")
                + "a2"
                + "0017"
                + "18181818");
  }

  @Test
  void containersGrowBeyondTheirFirstByte() {
    for (int count : new int[] {23, 24, 255, 256, 65_536}) {
      Map<Partition, Long> byPartition = new HashMap<>();
      for (int i = 0; i < count; i++) {
        byPartition.put(new Partition("t", i), (long) i);
      }
      Event scanned = new Event.Scanned(1, new Positions(byPartition));
      assertThat(Json.positions(Cbor.read(cbor(scanned)).get("positions"))).isEqualTo(byPartition);
      Result stored = new Result.Stored(new PublishOutcome.Stored(new Partition("t", 1), 2, 3));
      Event published = new Event.Published(null, Collections.nCopies(count, stored));
      JsonNode results = Cbor.read(cbor(published)).get("records");
      assertThat(results).hasSize(count).allMatch(results.get(0)::equals);
    }
  }

  private static String json(Event event) {
    ByteBuf out = Unpooled.buffer();
    MessageFormat.JSON.write(event, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Behind something else, in memory outside of the heap, as a socket's buffer is. */
  private static byte[] cbor(Event event) {
    ByteBuf out = ALLOC.directBuffer(16).writeLong(-1);
    try {
      MessageFormat.CBOR.write(event, out);
      assertThat(out.readLong()).isEqualTo(-1);
      return ByteBufUtil.getBytes(out);
    } finally {
      out.release();
    }
  }

  private static String hex(String ascii) {
    return HexFormat.of().formatHex(ascii.getBytes(StandardCharsets.US_ASCII));
  }
}
