package io.sluice.relay;

import io.sluice.log.Gap;
import io.sluice.log.Positions;
import io.sluice.log.TopicId;
import java.util.List;
import java.util.Map;

/**
 * What the reader's thread hands to an event loop for a new subscriber.
 *
 * @param view the loop's view of the feed's window
 * @param start the vector to start at
 * @param heads the vector before which it has not reached the head
 * @param gaps what of the request will not come
 * @param reported what {@code subscribed} says
 * @param topicIds the identities of the topics
 */
record Attachment(
    WindowView view,
    long[] start,
    long[] heads,
    List<Gap> gaps,
    Positions reported,
    Map<String, TopicId> topicIds) {}
