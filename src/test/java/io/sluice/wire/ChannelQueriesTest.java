package io.sluice.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.RecordKey;
import io.sluice.protocol.Overflow;
import io.sluice.protocol.StartingPoint;
import io.sluice.protocol.SubscribeOptions;
import io.sluice.protocol.ValueForm;
import io.sluice.wire.ChannelQueries.Malformed;
import io.sluice.wire.ChannelQueries.Use;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelQueriesTest {
  private static final List<String> ONE_TOPIC = List.of("orders");

  /** Who can grant no credit has no limit of it, whatever the channel's default is. */
  private static final SubscribeOptions NOTHING_SAID =
      new SubscribeOptions(null, null, null, null, null, SubscribeOptions.MAX_CREDIT, null);

  @Nested
  class Understood {
    @ParameterizedTest
    @ValueSource(strings = {"", "&", "&&"})
    void noParameterIsNoOption(String query) {
      assertThat(options(query)).isEqualTo(NOTHING_SAID);
      assertThat(understood(query).reads()).isTrue();
      assertThat(understood(query).writes()).isTrue();
    }

    @Test
    void noQueryIsNoOption() {
      assertThat(ChannelQueries.read(null, Use.RAW)).isInstanceOf(ChannelQuery.class);
    }

    @Test
    void everyStartIsUnderstood() {
      assertThat(start("from=latest")).isEqualTo(new StartingPoint.Latest());
      assertThat(start("from=earliest")).isEqualTo(new StartingPoint.Earliest());
      assertThat(start("from=tail:100")).isEqualTo(new StartingPoint.Tail(100));
      assertThat(start("from=timestamp:1790000000000"))
          .isEqualTo(new StartingPoint.Timestamp(1_790_000_000_000L));
      assertThat(start("from=timestamp:1970-01-01T00:00:01Z"))
          .isEqualTo(new StartingPoint.Timestamp(1_000));
      assertThat(start("from=positions:0=120,1=98"))
          .isEqualTo(at(Map.of(new Partition("orders", 0), 120L, new Partition("orders", 1), 98L)));
      assertThat(start("from=positions:")).isEqualTo(at(Map.of()));
      assertThat(start("from=positions%3A0%3D9223372036854775807"))
          .isEqualTo(at(Map.of(new Partition("orders", 0), Long.MAX_VALUE)));
    }

    @Test
    void positionsMayNameTheirTopics() {
      ChannelQuery query = understood("from=positions:a/0=1,b/7=2");
      assertThat(query.optionsOn(List.of("a", "b")))
          .isEqualTo(
              new ChannelQuery.OptionsReading.Understood(
                  new SubscribeOptions(
                      at(Map.of(new Partition("a", 0), 1L, new Partition("b", 7), 2L)),
                      null,
                      null,
                      null,
                      null,
                      SubscribeOptions.MAX_CREDIT,
                      null)));
    }

    @Test
    void plusIsAPlus() {
      assertThat(start("from=timestamp:1970-01-01T01:00:01+01:00"))
          .isEqualTo(new StartingPoint.Timestamp(1_000));
      assertThat(options("key=a+b%20c").key()).isEqualTo(RecordKey.of("a+b c"));
    }

    @Test
    void keysAreDecodedOnceAndAreAnyBytes() {
      assertThat(options("key=%2541").key()).isEqualTo(RecordKey.of("%41"));
      assertThat(options("key=%ff%00").key()).isEqualTo(RecordKey.of(new byte[] {-1, 0}));
      assertThat(options("key=").key()).isEqualTo(RecordKey.of(""));
      assertThat(understood("publish-key=h%C3%A4").publishKey()).isEqualTo("hä".getBytes(UTF_8));
    }

    @Test
    void otherOptionsAreUnderstood() {
      assertThat(options("overflow=skip").overflow()).isEqualTo(Overflow.SKIP);
      assertThat(options("max-rate=2.5").maxRate()).isEqualTo(2.5);
      assertThat(options("mode=broadcast")).isEqualTo(NOTHING_SAID);
      assertThat(((ChannelQuery) ChannelQueries.readEvents("value=text", null)).options().value())
          .isEqualTo(ValueForm.TEXT);
      assertThat(
              ((ChannelQuery) ChannelQueries.readEvents("fields=%5B%22a.b%22,%22c%22%5D", null))
                  .options()
                  .fields())
          .containsExactly("a.b", "c");
    }

    @ParameterizedTest
    @CsvSource({
      "readonly, true, false",
      "readonly=, true, false",
      "readonly=true, true, false",
      "readonly=false, true, true",
      "writeonly, false, true",
      "writeonly&publish-key=k, false, true"
    })
    void directionsCanBeGivenUp(String query, boolean reads, boolean writes) {
      assertThat(understood(query).reads()).isEqualTo(reads);
      assertThat(understood(query).writes()).isEqualTo(writes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"key=k", "publish-key=k"})
    void publishTakesItsKeyUnderEitherName(String query) {
      ChannelQuery publish = (ChannelQuery) ChannelQueries.read(query, Use.PUBLISH_VALUE);
      assertThat(publish.publishKey()).isEqualTo("k".getBytes(UTF_8));
    }
  }

  @Nested
  class Refused {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "nonsense=1 | nonsense | known are from, key, max-rate, mode, overflow, publish-key",
          "value=json | value | unknown",
          "last-event-id=1 | last-event-id | unknown",
          "From=latest | From | unknown",
          "access_token=secret | access_token | unknown",
          "a%0Ab=1 | 'a\nb' | unknown",
          "from=first | from | latest, earliest, tail:n",
          "from= | from | latest, earliest, tail:n",
          "from=Latest | from | latest, earliest, tail:n",
          "from=tail | from | latest, earliest, tail:n",
          "from=tail: | from | n from 1",
          "from=tail:0 | from | n from 1",
          "from=tail:-1 | from | n from 1",
          "from=tail:+1 | from | n from 1",
          "from=tail:1.5 | from | n from 1",
          "from=tail:9007199254740992 | from | n from 1",
          "from=tail:99999999999999999999 | from | n from 1",
          "from=timestamp: | from | ISO 8601",
          "from=timestamp:yesterday | from | ISO 8601",
          "from=timestamp:2026-01-31T12:00:00 | from | ISO 8601",
          "from=timestamp:1969-12-31T23:59:59Z | from | ISO 8601",
          "from=positions:0 | from | positions:partition=offset",
          "from=positions:0= | from | positions:partition=offset",
          "from=positions:=1 | from | positions:partition=offset",
          "from=positions:0=1, | from | positions:partition=offset",
          "from=positions:0=-1 | from | positions:partition=offset",
          "from=positions:0=9223372036854775808 | from | positions:partition=offset",
          "from=positions:2147483648=1 | from | positions:partition=offset",
          "from=positions:/0=1 | from | positions:partition=offset",
          "from=positions:orders-0=1 | from | positions:partition=offset",
          "from=latest&from=latest | from | twice",
          "key=%f | key | percent-encoded",
          "key=%zz | key | percent-encoded",
          "key=% | key | percent-encoded",
          "from=%ff | from | UTF-8",
          "overflow=drop | overflow | end, replay, skip",
          "max-rate=0 | max-rate | from 0.001 to 1000",
          "max-rate=-1 | max-rate | from 0.001 to 1000",
          "max-rate=1001 | max-rate | from 0.001 to 1000",
          "max-rate=NaN | max-rate | from 0.001 to 1000",
          "max-rate=1e2 | max-rate | from 0.001 to 1000",
          "max-rate=1d | max-rate | from 0.001 to 1000",
          "max-rate=.5 | max-rate | from 0.001 to 1000",
          "max-rate=5. | max-rate | from 0.001 to 1000",
          "max-rate=000000000000000000001 | max-rate | from 0.001 to 1000",
          "mode=queue | mode | /v1/ws",
          "mode=group | mode | not supported yet",
          "mode=all | mode | must be broadcast",
          "group=g | group | not supported yet",
          "commit=auto | commit | not supported yet",
          "filter=true | filter | not supported yet",
          "conflate=key | conflate | not supported yet",
          "readonly=yes | readonly | true or false",
          "readonly&writeonly | writeonly | nothing to do",
          "readonly&publish-key=k | publish-key | no meaning",
          "writeonly&from=latest | from | no meaning",
          "writeonly&key=k | key | no meaning",
          "writeonly&overflow=skip | overflow | no meaning",
          "writeonly&max-rate=1 | max-rate | no meaning"
        })
    void whatIsWrongIsNamed(String query, String parameter, String allowed) {
      Malformed malformed = (Malformed) ChannelQueries.read(query, Use.RAW);
      assertThat(malformed.parameter()).isEqualTo(parameter);
      assertThat(malformed.message()).contains(allowed).doesNotContain("secret");
    }

    @Test
    void nameThatIsNoTextIsRefused() {
      assertThat(ChannelQueries.read("%ff=1", Use.RAW))
          .isEqualTo(
              new Malformed(
                  "", "The name of a parameter is not percent-encoded UTF-8 (RFC 3986 §2.1)."));
    }

    @Test
    void positionsOfSeveralTopicsMustNameThem() {
      assertThat(understood("from=positions:0=1").optionsOn(List.of("a", "b")))
          .isInstanceOf(ChannelQuery.OptionsReading.Malformed.class);
    }

    @Test
    void positionsNameTopicsOfTheChannel() {
      assertThat(understood("from=positions:other/0=1").optionsOn(ONE_TOPIC))
          .isEqualTo(
              new ChannelQuery.OptionsReading.Malformed(
                  "from", "The positions name the topic other; this channel reads orders."));
    }

    @Test
    void keyThatIsTooLongIsRefused() {
      assertThat(options("key=" + "k".repeat(8_192)).key()).isNotNull();
      assertThat(ChannelQueries.read("key=" + "k".repeat(8_193), Use.RAW))
          .isEqualTo(new Malformed("key", "The parameter key must have at most 8192 bytes."));
    }

    @Test
    void samePartitionTwiceIsRefused() {
      assertThat(understood("from=positions:0=1,orders/0=2").optionsOn(ONE_TOPIC))
          .isInstanceOf(ChannelQuery.OptionsReading.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"fields", "fields=a", "fields=[]", "fields=[1]", "fields=[%22a%22],%22x%22:1"})
    void fieldsAreAnArrayOfStrings(String query) {
      assertThat(((Malformed) ChannelQueries.readEvents(query, null)).message())
          .isNotBlank()
          .doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish-key=k", "writeonly", "nonsense"})
    void eventStreamOnlyReads(String query) {
      assertThat(ChannelQueries.readEvents(query, null)).isInstanceOf(Malformed.class);
    }

    @Test
    void publishHasNoOptionsOfASubscription() {
      assertThat(ChannelQueries.read("from=latest", Use.PUBLISH_VALUE))
          .isInstanceOf(Malformed.class);
      assertThat(ChannelQueries.read("key=k", Use.PUBLISH_COMMAND)).isInstanceOf(Malformed.class);
      assertThat(ChannelQueries.read("key=k&publish-key=k", Use.PUBLISH_VALUE))
          .isInstanceOf(Malformed.class);
    }
  }

  @Nested
  class LastEventId {
    private static final String ID = "1~orders~abc~3c";
    private static final String NEWER = "1~orders~abc~3d";

    @Test
    void headerBeatsTheParameterAndBothBeatFrom() {
      assertThat(resumed("from=earliest&last-event-id=" + ID, NEWER)).isEqualTo(NEWER);
      assertThat(resumed("from=earliest&last-event-id=" + ID, null)).isEqualTo(ID);
      assertThat(resumed("from=positions:0=1&last-event-id=" + ID, "")).isEqualTo(ID);
    }

    @Test
    void emptyOnesAreNone() {
      ChannelQuery query =
          (ChannelQuery) ChannelQueries.readEvents("from=earliest&last-event-id=", "");
      assertThat(query.options().from()).isEqualTo(new StartingPoint.Earliest());
    }

    @Test
    void whatIsNoneOfOursIsNamed() {
      assertThat(((Malformed) ChannelQueries.readEvents(null, "17")).parameter())
          .isEqualTo("Last-Event-ID");
      assertThat(((Malformed) ChannelQueries.readEvents("last-event-id=17", null)).parameter())
          .isEqualTo("last-event-id");
    }

    @Test
    void wrongFromIsNamedThoughItDoesNotCount() {
      assertThat(((Malformed) ChannelQueries.readEvents("from=first", ID)).parameter())
          .isEqualTo("from");
    }

    private static String resumed(String query, @Nullable String header) {
      ChannelQuery understood = (ChannelQuery) ChannelQueries.readEvents(query, header);
      assertThat(understood.positions()).isNull();
      for (String id : List.of(ID, NEWER)) {
        if (Objects.equals(EventId.read(id), understood.options().from())) {
          return id;
        }
      }
      throw new AssertionError("Starts at neither: " + understood);
    }
  }

  private static StartingPoint at(Map<Partition, Long> positions) {
    return new StartingPoint.At(new Positions(positions), Map.of());
  }

  private static @Nullable StartingPoint start(String query) {
    return options(query).from();
  }

  private static SubscribeOptions options(String query) {
    return switch (understood(query).optionsOn(ONE_TOPIC)) {
      case ChannelQuery.OptionsReading.Understood(SubscribeOptions options) -> options;
      case ChannelQuery.OptionsReading.Malformed malformed ->
          throw new AssertionError(malformed.toString());
    };
  }

  private static ChannelQuery understood(String query) {
    return switch (ChannelQueries.read(query, Use.RAW)) {
      case ChannelQuery understood -> understood;
      case Malformed malformed -> throw new AssertionError(malformed.toString());
    };
  }
}
