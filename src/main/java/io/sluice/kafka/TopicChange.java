package io.sluice.kafka;

/** What became of a topic since it was last described. */
enum TopicChange {
  /** It is the same topic, maybe with more partitions. */
  NONE,
  /** It is not there. */
  DELETED,
  /** Another topic has its name. */
  RECREATED
}
