package io.sluice.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a load generator does; handed to its process as JSON.
 *
 * @param ports where gateways listen, on loopback; sockets are divided over them
 * @param subprotocol how they talk
 * @param role what the sockets are
 * @param subscription how they subscribe
 * @param publication what they publish
 * @param crowd how the sockets are different from each other
 * @param valueBytes the size of a record's value
 * @param records how many records a reading socket gets
 * @param seconds how long publishers publish; for readers the most that a run may take
 */
record LoadPlan(
    List<Integer> ports,
    Subprotocol subprotocol,
    Role role,
    Subscription subscription,
    Publication publication,
    Crowd crowd,
    int valueBytes,
    long records,
    int seconds) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What the sockets are there for. */
  enum Role {
    /** Each gets {@link LoadPlan#records} records. */
    READ,
    /** Each publishes until the time is over. */
    PUBLISH,
    /** Each is subscribed, and nothing comes. */
    IDLE
  }

  /**
   * How sockets subscribe.
   *
   * @param command the command; {@code %s} in it is replaced by the socket's number modulo {@code
   *     keys}, times {@code apart} where that is not 0
   * @param keys how many different keys or positions there are; 1 where there are none
   * @param apart how many records lie between the positions of two sockets; 0: all begin at the
   *     first
   * @param atOnce whether sockets subscribe as they connect, or all together at {@code go}
   * @param gaps whether records may be left out with a {@code gap} that says so
   */
  record Subscription(String command, int keys, int apart, boolean atOnce, boolean gaps) {
    private Subscription together() {
      return new Subscription(command, keys, apart, false, gaps);
    }

    private Subscription with(String option) {
      String open = command.substring(0, command.length() - 1);
      return new Subscription(open + "," + option + "}", keys, apart, atOnce, gaps);
    }

    private Subscription withGaps() {
      return new Subscription(command, keys, apart, atOnce, true);
    }
  }

  /**
   * What sockets publish.
   *
   * @param command the command to publish one record; {@code %s} in it is replaced by its id
   * @param inFlight how many publishes a socket has unanswered
   */
  record Publication(String command, int inFlight) {}

  /**
   * How sockets are different from each other.
   *
   * @param sampleEvery one in so many has all its bytes looked at, and its latencies kept
   * @param stallOneIn one in so many stops reading at {@code go}; 0: none
   * @param newcomerMillis while the run goes on another one connects every so many milliseconds,
   *     subscribes and leaves; 0: none does
   */
  record Crowd(int sampleEvery, int stallOneIn, int newcomerMillis) {}

  /** Sockets that subscribe to {@code channel} from {@code from}, as JSON. */
  static LoadPlan reading(
      List<Integer> ports, String channel, String from, int valueBytes, long records) {
    return new LoadPlan(
        ports,
        Subprotocol.JSON,
        Role.READ,
        new Subscription(command(channel, "\"from\":" + from), 1, 0, true, false),
        new Publication("", 0),
        new Crowd(50, 0, 0),
        valueBytes,
        records,
        60);
  }

  /** Sockets that publish to {@code channel}. */
  static LoadPlan publishing(
      List<Integer> ports, String channel, int valueBytes, int inFlight, int seconds) {
    byte[] value = StampedValue.blank(valueBytes);
    String command =
        "{\"type\":\"publish\",\"id\":%s,\"channel\":\""
            + channel
            + "\",\"value\":"
            + new String(value, StandardCharsets.US_ASCII)
            + "}";
    return new LoadPlan(
        ports,
        Subprotocol.JSON,
        Role.PUBLISH,
        new Subscription("", 1, 0, false, false),
        new Publication(command, inFlight),
        new Crowd(1, 0, 0),
        valueBytes,
        0,
        seconds);
  }

  LoadPlan idle() {
    return with(subprotocol, Role.IDLE, subscription, crowd, seconds);
  }

  LoadPlan speaking(Subprotocol other) {
    return with(other, role, subscription, crowd, seconds);
  }

  LoadPlan subscribingTogether() {
    return with(subprotocol, role, subscription.together(), crowd, seconds);
  }

  /** With one more option of {@code subscribe}, such as {@code "maxRate":5}; empty: none. */
  LoadPlan asking(String option) {
    return option.isEmpty()
        ? this
        : with(subprotocol, role, subscription.with(option), crowd, seconds);
  }

  /** Who falls behind is told what is left out. */
  LoadPlan skipping() {
    return with(
        subprotocol, role, subscription.with("\"overflow\":\"skip\"").withGaps(), crowd, seconds);
  }

  LoadPlan sampling(int every) {
    return crowded(new Crowd(every, crowd.stallOneIn, crowd.newcomerMillis));
  }

  LoadPlan stalling(int oneIn) {
    return crowded(new Crowd(crowd.sampleEvery, oneIn, crowd.newcomerMillis));
  }

  LoadPlan welcoming(int everyMillis) {
    return crowded(new Crowd(crowd.sampleEvery, crowd.stallOneIn, everyMillis));
  }

  LoadPlan within(int mostSeconds) {
    return with(subprotocol, role, subscription, crowd, mostSeconds);
  }

  /** Each socket with one of {@code count} keys. */
  LoadPlan keyed(String channel, int count) {
    return subscribing(channel, "\"key\":\"k%s\"", count, 0);
  }

  /** Each of {@code sockets} sockets from a position of its own. */
  LoadPlan spread(String channel, int sockets, int recordsApart) {
    String from = "\"from\":{\"positions\":{\"" + channel + "\":{\"0\":%s}}}";
    return subscribing(channel, from, sockets, recordsApart);
  }

  private LoadPlan subscribing(String channel, String option, int keys, int apart) {
    Subscription other =
        new Subscription(
            command(channel, option), keys, apart, subscription.atOnce, subscription.gaps);
    return with(subprotocol, role, other, crowd, seconds);
  }

  private LoadPlan crowded(Crowd other) {
    return with(subprotocol, role, subscription, other, seconds);
  }

  private LoadPlan with(
      Subprotocol subprotocol, Role role, Subscription subscription, Crowd crowd, int seconds) {
    return new LoadPlan(
        ports, subprotocol, role, subscription, publication, crowd, valueBytes, records, seconds);
  }

  private static String command(String channel, String option) {
    return "{\"type\":\"subscribe\",\"id\":0,\"channel\":\"" + channel + "\"," + option + "}";
  }

  /** Where socket {@code number} connects; the sockets of one key are divided too. */
  int port(int number) {
    return ports.get(number / subscription.keys % ports.size());
  }

  /** The first record that socket {@code number} gets. */
  long firstRecord(int number) {
    return (long) number % subscription.keys * subscription.apart;
  }

  /** The command with which socket {@code number} subscribes. */
  String subscribe(int number) {
    long own = subscription.apart == 0 ? number % subscription.keys : firstRecord(number);
    return subscription.command.replace("%s", Long.toString(own));
  }

  /** Whether socket {@code number} stops reading: never one of the sample, which begins at 0. */
  boolean stalls(int number) {
    return crowd.stallOneIn > 0 && number % crowd.stallOneIn == 1;
  }

  /** How many of {@code sockets} sockets read to the end. */
  int reading(int sockets) {
    return crowd.stallOneIn == 0
        ? sockets
        : sockets - (sockets + crowd.stallOneIn - 2) / crowd.stallOneIn;
  }

  String toJson() {
    return MAPPER.valueToTree(this).toString();
  }

  static LoadPlan fromJson(String json) {
    try {
      JsonNode tree = MAPPER.readTree(json);
      return MAPPER.treeToValue(tree, LoadPlan.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
