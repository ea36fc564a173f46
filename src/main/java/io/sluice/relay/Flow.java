package io.sluice.relay;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How much a subscriber wants to be handed at once. With nothing said it is what its socket takes.
 *
 * @param credit records that it may be handed before it grants more, 0 or more
 * @param maxRate at most so many messages with records a second, above 0
 */
public record Flow(OptionalLong credit, OptionalDouble maxRate) {
  /** As the socket takes it. */
  public static final Flow FREE = new Flow(OptionalLong.empty(), OptionalDouble.empty());

  public Flow {
    if (credit.isPresent() && credit.getAsLong() < 0) {
      throw new IllegalArgumentException("Credit is 0 or more, not " + credit.getAsLong() + ".");
    }
    if (maxRate.isPresent() && !(maxRate.getAsDouble() > 0)) {
      throw new IllegalArgumentException("A rate is above 0, not " + maxRate.getAsDouble() + ".");
    }
  }
}
