package io.sluice.relay;

import io.sluice.log.LogFailure;

/** Why the relay ended a subscription. */
public sealed interface Ending {
  /** It fell out of the window and had asked for {@link Overflow#END}. */
  record Slow() implements Ending {}

  /**
   * Its glob has come to match more topics than one may: {@code sluice.relay.max-topics-per-glob}.
   */
  record TooManyTopics(int limit) implements Ending {}

  /** The log no longer gives what it reads. */
  record Log(LogFailure failure) implements Ending {}
}
