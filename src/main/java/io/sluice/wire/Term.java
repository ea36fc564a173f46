package io.sluice.wire;

import java.nio.charset.StandardCharsets;

/**
 * A term of the protocol, as it stands in messages: the name of a member or the type of a message.
 * Their bytes are made once, because most of what an event says is these.
 */
enum Term {
  CHANNEL("channel"),
  CHANNELS("channels"),
  CODE("code"),
  CONNECTION("connection"),
  DESCRIBED("described"),
  DETAIL("detail"),
  DRAINING("draining"),
  ENDED("ended"),
  ERROR("error"),
  FIELD("field"),
  FROM("from"),
  GAP("gap"),
  HEAD("head"),
  HEARTBEAT_MS("heartbeatMs"),
  ID("id"),
  INSTANCE("instance"),
  KAFKA("kafka"),
  LIMITS("limits"),
  LIVE("live"),
  MAX_MESSAGE_BYTES("maxMessageBytes"),
  MAX_RECORD_BYTES("maxRecordBytes"),
  MAX_SUBSCRIPTIONS("maxSubscriptions"),
  MESSAGE("message"),
  MODES("modes"),
  OFFSET("offset"),
  OLDEST("oldest"),
  PARTITION("partition"),
  PARTITIONS("partitions"),
  PONG("pong"),
  POSITION("position"),
  POSITIONS("positions"),
  PROTOCOL("protocol"),
  PUBLISH("publish"),
  PUBLISHED("published"),
  REASON("reason"),
  RECONNECT_AFTER_MS("reconnectAfterMs"),
  RECORDS("records"),
  SIZE("size"),
  STATUS("status"),
  SUBSCRIBE("subscribe"),
  SUBSCRIBED("subscribed"),
  SUBSCRIPTION("subscription"),
  SUBSCRIPTIONS("subscriptions"),
  TIMESTAMP("timestamp"),
  TITLE("title"),
  TO("to"),
  TOPIC("topic"),
  TOPIC_IDS("topicIds"),
  TOPICS("topics"),
  TRUNCATED("truncated"),
  TYPE("type"),
  UNSUBSCRIBED("unsubscribed"),
  WELCOME("welcome");

  private final byte[] json;
  private final byte[] text;

  /**
   * @param text ASCII without quotes and backslashes
   */
  Term(String text) {
    this.text = text.getBytes(StandardCharsets.US_ASCII);
    this.json = ('"' + text + "\":").getBytes(StandardCharsets.US_ASCII);
  }

  /** Its characters, in ASCII; nobody changes them. */
  byte[] ascii() {
    return text;
  }

  /** The same as a name in JSON: in quotes, with a colon behind it. */
  byte[] asJsonName() {
    return json;
  }
}
