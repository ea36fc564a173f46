package io.sluice.relay;

import io.sluice.log.Gap;
import io.sluice.log.Positions;
import io.sluice.log.TopicId;
import java.util.Map;

/**
 * What a subscriber is told beside its records, on its event loop, in the order in which the client
 * has to hear it:
 *
 * <pre>
 * subscription = onSubscribed *( onLive | onGap | onScanned ) [ onEnded ] | onDuplicate | onRefused
 * </pre>
 *
 * <p>Records and the gaps that all subscribers of a feed share go to the {@link Outlet} as bytes,
 * between these calls: what a call makes the listener write must be written at once, or the order
 * is lost. A call may close the subscriber or its socket.
 */
public interface SubscriptionListener {
  /**
   * It is there; nothing that carries its number was written before.
   *
   * @param positions where it starts
   * @param topicIds the identities of its topics
   */
  void onSubscribed(Subscriber subscriber, Positions positions, Map<String, TopicId> topicIds);

  /** This socket has the same already, under the number {@code subscription}. Nothing follows. */
  void onDuplicate(long subscription);

  /** There is no subscription. Nothing follows. */
  void onRefused(Refusal refusal);

  /**
   * It has reached the head: for the first time, or again after a replay that followed an overflow.
   */
  void onLive();

  /** Offsets that this one subscriber will not get. Stands where the records would have stood. */
  void onGap(Gap gap);

  /**
   * Nothing came for some seconds, and what came before was handed over: everything below {@code
   * positions} was scanned.
   */
  void onScanned(Positions positions);

  /** The relay ended it at {@code positions}. Nothing follows. */
  void onEnded(Ending ending, Positions positions);
}
