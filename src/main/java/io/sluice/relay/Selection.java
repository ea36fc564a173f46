package io.sluice.relay;

/**
 * What is read: scanned once, whatever the number of feeds made of it.
 *
 * @param topic the topic, all partitions of it
 */
public record Selection(String topic) {
  @Override
  public String toString() {
    return topic;
  }
}
