package io.sluice.log;

/**
 * The identity of a topic: a topic that is deleted and made again under its name has another one
 * (KIP-516).
 *
 * @param value Kafka's textual form, 22 URL-safe base64 characters
 */
public record TopicId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
