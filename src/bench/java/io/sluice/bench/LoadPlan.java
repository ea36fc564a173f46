package io.sluice.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What a load generator does; handed to its process as JSON.
 *
 * @param port where the gateway listens, on loopback
 * @param threads event loops of the load generator
 * @param role what its sockets are
 * @param subscribe the command to subscribe; {@code %s} in it is replaced by the socket's number
 *     modulo {@code keys}, times {@code apart} where that is not 0
 * @param keys how many different keys or positions sockets subscribe with; 1 where there are none
 * @param apart how many records lie between the positions of two sockets; 0: all begin at the first
 * @param subscribeAtOnce whether sockets subscribe as they connect, or all together at {@code go}
 * @param publish the command to publish one record; {@code %s} in it is replaced by its id
 * @param inFlight how many publishes a socket has unanswered
 * @param valueBytes the size of a record's value
 * @param records how many records a reading socket gets
 * @param sampleEvery one socket in so many has all its bytes looked at, and its latencies kept
 * @param stallOneIn one socket in so many stops reading at {@code go}; 0: none
 * @param seconds how long publishers publish; for readers the most that a run may take
 */
record LoadPlan(
    int port,
    int threads,
    Role role,
    String subscribe,
    int keys,
    int apart,
    boolean subscribeAtOnce,
    String publish,
    int inFlight,
    int valueBytes,
    long records,
    int sampleEvery,
    int stallOneIn,
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

  /** Sockets that subscribe to {@code channel} from {@code from}, as JSON. */
  static LoadPlan reading(int port, String channel, String from, int valueBytes, long records) {
    return new LoadPlan(
        port,
        1,
        Role.READ,
        "{\"type\":\"subscribe\",\"id\":0,\"channel\":\"" + channel + "\",\"from\":" + from + "}",
        1,
        0,
        true,
        "",
        0,
        valueBytes,
        records,
        50,
        0,
        60);
  }

  /** Sockets that publish to {@code channel}. */
  static LoadPlan publishing(int port, String channel, int valueBytes, int inFlight, int seconds) {
    byte[] value = StampedValue.blank(valueBytes);
    String command =
        "{\"type\":\"publish\",\"id\":%s,\"channel\":\""
            + channel
            + "\",\"value\":"
            + new String(value, StandardCharsets.US_ASCII)
            + "}";
    return new LoadPlan(
        port, 1, Role.PUBLISH, "", 1, 0, false, command, inFlight, valueBytes, 0, 1, 0, seconds);
  }

  LoadPlan idle() {
    return with(Role.IDLE, subscribeAtOnce, sampleEvery, stallOneIn, seconds);
  }

  LoadPlan subscribingTogether() {
    return with(role, false, sampleEvery, stallOneIn, seconds);
  }

  LoadPlan sampling(int every) {
    return with(role, subscribeAtOnce, every, stallOneIn, seconds);
  }

  LoadPlan stalling(int oneIn) {
    return with(role, subscribeAtOnce, sampleEvery, oneIn, seconds);
  }

  LoadPlan within(int mostSeconds) {
    return with(role, subscribeAtOnce, sampleEvery, stallOneIn, mostSeconds);
  }

  private LoadPlan with(Role role, boolean atOnce, int sampleEvery, int stallOneIn, int seconds) {
    return new LoadPlan(
        port,
        threads,
        role,
        subscribe,
        keys,
        apart,
        atOnce,
        publish,
        inFlight,
        valueBytes,
        records,
        sampleEvery,
        stallOneIn,
        seconds);
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

  /** The first record that socket {@code number} gets. */
  long firstRecord(int number) {
    return (long) number % keys * apart;
  }

  /** The command with which socket {@code number} subscribes. */
  String subscribe(int number) {
    long own = apart == 0 ? number % keys : firstRecord(number);
    return subscribe.replace("%s", Long.toString(own));
  }

  private LoadPlan subscribing(String channel, String option, int keys, int apart) {
    return new LoadPlan(
        port,
        threads,
        role,
        "{\"type\":\"subscribe\",\"id\":0,\"channel\":\"" + channel + "\"," + option + "}",
        keys,
        apart,
        subscribeAtOnce,
        publish,
        inFlight,
        valueBytes,
        records,
        sampleEvery,
        stallOneIn,
        seconds);
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
