package io.sluice.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.channel.ChannelRules;
import io.sluice.channel.ChannelSettings;
import io.sluice.channel.Channels;
import io.sluice.log.Catalog;
import io.sluice.log.Isolation;
import io.sluice.log.Topic;
import io.sluice.protocol.Command;
import io.sluice.protocol.CommandId;
import io.sluice.protocol.ErrorCode;
import io.sluice.protocol.Event;
import io.sluice.protocol.Event.Channel;
import io.sluice.protocol.Format;
import io.sluice.protocol.Mode;
import io.sluice.protocol.SubscribeOptions;
import io.sluice.relay.WireFormat;
import io.sluice.testing.FakeLog;
import io.sluice.wire.MessageFormat;
import java.lang.reflect.Proxy;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code describe} tells. */
class DescriptionsTest {
  private static final CommandId ID = new CommandId.Number(7);
  private static final List<String> BROADCAST = List.of("broadcast");

  private final FakeLog log = new FakeLog(1);
  private final RecordingClient client = new RecordingClient();

  private static final ChannelSettings PRICES =
      settings("prices/{symbol}", "{symbol}", ChannelRules.DEFAULT, "market.prices");
  private static final ChannelSettings ORDERS =
      settings("orders.{region}", null, ChannelRules.DEFAULT, "orders-{region}");
  private static final ChannelSettings BOARD =
      settings("board", null, rules(true, false, Mode.BROADCAST), "a", "b");

  @Test
  void allChannelsAreTheConfiguredOnesByTheTextOfTheirTemplates() {
    log.create("market.prices", 3);
    log.create("a", 2);
    log.create("unlisted", 1);
    describe(new Channels(List.of(PRICES, ORDERS, BOARD), false), null);
    assertThat(client.last())
        .isEqualTo(
            new Event.Described(
                ID,
                List.of(
                    new Channel("board", List.of("a", "b"), 2, true, false, BROADCAST),
                    new Channel(
                        "orders.{region}", List.of("orders-{region}"), 0, true, true, BROADCAST),
                    new Channel(
                        "prices/{symbol}", List.of("market.prices"), 3, true, true, BROADCAST)),
                false));
  }

  @Test
  void aGlobChoosesAmongThem() {
    describe(new Channels(List.of(PRICES, ORDERS, BOARD), false), "prices/*");
    assertThat(names()).containsExactly("prices/{symbol}");
    describe(new Channels(List.of(PRICES, ORDERS, BOARD), false), "*");
    assertThat(names()).containsExactly("board");
    describe(new Channels(List.of(PRICES, ORDERS, BOARD), false), "none*");
    assertThat(names()).isEmpty();
  }

  @Test
  void aNameOfATemplateIsDescribedByItself() {
    log.create("orders-eu", 4);
    describe(new Channels(List.of(ORDERS), false), "orders.eu");
    assertThat(client.last())
        .isEqualTo(
            new Event.Described(
                ID,
                List.of(new Channel("orders.eu", List.of("orders-eu"), 4, true, true, BROADCAST)),
                false));
  }

  @Test
  void theTextOfATemplateNamesIt() {
    describe(new Channels(List.of(ORDERS), false), "orders.{region}");
    assertThat(names()).containsExactly("orders.{region}");
  }

  @Test
  void topicsAreChannelsWhereTheyAreServedByTheirNames() {
    log.create("market.prices", 3);
    log.create("a", 2);
    log.create("__consumer_offsets", 50);
    log.create("board", 9);
    describe(new Channels(List.of(BOARD), true), null);
    assertThat(client.last())
        .isEqualTo(
            new Event.Described(
                ID,
                List.of(
                    new Channel("a", List.of("a"), 2, true, true, BROADCAST),
                    new Channel("board", List.of("a", "b"), 2, true, false, BROADCAST),
                    new Channel(
                        "market.prices", List.of("market.prices"), 3, true, true, BROADCAST)),
                false));
  }

  @Test
  void oneTopicIsDescribedByItsName() {
    log.create("a", 2);
    describe(Channels.ofTopics(), "a");
    assertThat(names()).containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "__consumer_offsets", "a/b", "", "orders.{x}"})
  void anUnknownNameIsUnknown(String name) {
    describe(Channels.ofTopics(), name);
    assertThat(client.last())
        .isInstanceOfSatisfying(
            Event.Refused.class,
            it -> {
              assertThat(it.id()).isEqualTo(ID);
              assertThat(it.failure().code()).isEqualTo(ErrorCode.UNKNOWN_CHANNEL);
            });
  }

  @Test
  void whatCannotBeReadInThisFormIsSaidSo() {
    ChannelSettings jsonOnly =
        settings(
            "j",
            null,
            new ChannelRules(
                false,
                Set.of(Mode.BROADCAST),
                true,
                true,
                Set.of(Format.JSON),
                1,
                SubscribeOptions.NONE,
                Isolation.READ_COMMITTED),
            "t");
    ChannelSettings queue = settings("q", null, rules(true, true, Mode.QUEUE), "t");
    client.format = WireFormat.CBOR;
    describe(new Channels(List.of(jsonOnly, queue), false), null);
    assertThat(((Event.Described) client.last()).channels())
        .containsExactly(
            new Channel("j", List.of("t"), 0, false, false, List.of()),
            new Channel("q", List.of("t"), 0, false, true, List.of()));
  }

  @Test
  void anAnswerHasAtMostAThousandChannels() {
    for (int i = 0; i < 1_001; i++) {
      log.create(String.format("t%04d", i), 1);
    }
    describe(Channels.ofTopics(), null);
    Event.Described described = (Event.Described) client.last();
    assertThat(described.channels()).hasSize(1_000);
    assertThat(described.channels().getLast().channel()).isEqualTo("t0999");
    assertThat(described.truncated()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 5_000, 256 * 1024})
  void anAnswerFitsIntoAMessageInEveryForm(int maxBytes) {
    List<ChannelSettings> channels = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      channels.add(settings("c" + i + "x".repeat(200), null, ChannelRules.DEFAULT, "t" + i));
    }
    describe(new Channels(channels, false), null, maxBytes);
    Event.Described described = (Event.Described) client.last();
    assertThat(described.truncated()).isTrue();
    for (MessageFormat format : List.of(MessageFormat.JSON, MessageFormat.CBOR)) {
      var out = io.netty.buffer.Unpooled.buffer();
      format.write(described, out);
      assertThat(out.readableBytes()).isLessThanOrEqualTo(maxBytes);
    }
  }

  @Test
  void tooManyAtOnceAreRefused() {
    Descriptions descriptions = new Descriptions(client, Channels.ofTopics(), log, 1 << 18);
    for (int i = 0; i < Descriptions.MOST_AT_ONCE + 1; i++) {
      descriptions.describe(new Command.Describe(ID, null));
    }
    assertThat(client.told)
        .singleElement()
        .isInstanceOfSatisfying(
            Event.Refused.class,
            it -> assertThat(it.failure().code()).isEqualTo(ErrorCode.TOO_MANY));
    settle();
    assertThat(client.told).hasSize(Descriptions.MOST_AT_ONCE + 1);
    descriptions.describe(new Command.Describe(ID, null));
    settle();
    assertThat(client.last()).isInstanceOf(Event.Described.class);
  }

  @Test
  @SuppressWarnings("unchecked")
  void topicsAreGoneThroughOnAThreadOfTheCatalog() {
    log.create("a", 2);
    List<String> asked = new ArrayList<>();
    Channels channels = Channels.ofTopics();
    Catalog catalog =
        (Catalog)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Catalog.class},
                (_, method, arguments) -> {
                  Object answer = method.invoke(log, arguments);
                  return method.getName().equals("topics")
                      ? ((CompletionStage<List<Topic>>) answer).thenApply(list -> told(list, asked))
                      : answer;
                });
    new Descriptions(client, channels, catalog, 1 << 18).describe(new Command.Describe(ID, null));
    log.answers.runAll();
    assertThat(asked).as("before the event loop had its turn").containsExactly("a");
    settle();
    assertThat(names()).containsExactly("a");
  }

  /** {@code topics}, of which each that is looked at is noted in {@code asked}. */
  private static List<Topic> told(List<Topic> topics, List<String> asked) {
    return new AbstractList<>() {
      @Override
      public Topic get(int index) {
        asked.add(topics.get(index).name());
        return topics.get(index);
      }

      @Override
      public int size() {
        return topics.size();
      }
    };
  }

  @Test
  void aClientThatIsGoneIsToldNothing() {
    Descriptions descriptions = new Descriptions(client, Channels.ofTopics(), log, 1 << 18);
    descriptions.describe(new Command.Describe(ID, null));
    descriptions.close();
    settle();
    assertThat(client.told).isEmpty();
  }

  private List<String> names() {
    return ((Event.Described) client.last()).channels().stream().map(Channel::channel).toList();
  }

  private void describe(Channels channels, @Nullable String name) {
    describe(channels, name, 256 * 1024);
  }

  private void describe(Channels channels, @Nullable String name, int maxBytes) {
    new Descriptions(client, channels, log, maxBytes).describe(new Command.Describe(ID, name));
    settle();
  }

  private void settle() {
    while (log.answers.runAll() | client.loop.runAll()) {
      continue;
    }
  }

  private static ChannelSettings settings(
      String name, @Nullable String key, ChannelRules rules, String... topics) {
    return new ChannelSettings("x", name, List.of(topics), key, rules);
  }

  private static ChannelRules rules(boolean subscribe, boolean publish, Mode mode) {
    return new ChannelRules(
        false,
        Set.of(mode),
        subscribe,
        publish,
        Set.of(Format.values()),
        1,
        SubscribeOptions.NONE,
        Isolation.READ_COMMITTED);
  }
}
