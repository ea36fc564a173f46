package io.sluice.relay;

import io.sluice.log.LogFailure;

/** Why there is no subscription. */
public sealed interface Refusal {
  /** The log does not allow or does not have it. */
  record Log(LogFailure failure) implements Refusal {}

  /** Its glob matches more topics than one may: {@code sluice.relay.max-topics-per-glob}. */
  record TooManyTopics(int limit) implements Refusal {}

  /** This instance has as many feeds as it may have: {@code sluice.relay.max-feeds}. */
  record TooManyFeeds(int limit) implements Refusal {}
}
