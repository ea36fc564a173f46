package io.sluice.kafka;

import io.sluice.log.Catalog;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import io.sluice.logging.LogKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics that somebody wants news of, and what they looked like last. Owned by the catalog's
 * thread, but for {@link #addListener}.
 */
final class TopicWatch {
  private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);

  private final Map<String, Watched> watched = new HashMap<>();
  private final List<Catalog.Listener> listeners = new CopyOnWriteArrayList<>();

  void addListener(Catalog.Listener listener) {
    listeners.add(listener);
  }

  /**
   * Counts one more who wants news of {@code topic}, as it was described to him: of partitions that
   * others know he hears now, and others of those that he knows. False where others were told of
   * another id: which one is newer must be asked, and {@link #compare} tells it to all.
   */
  boolean watch(Topic topic) {
    Watched entry = watched.computeIfAbsent(topic.name(), name -> new Watched(topic));
    entry.ids.add(topic.id());
    entry.watchers++;
    Topic last = entry.topic;
    if (!topic.id().equals(last.id())) {
      entry.others.add(topic);
      return false;
    }
    entry.topic = topic.partitionCount() > last.partitionCount() ? topic : last;
    tellChange(last, entry.topic);
    tellChange(topic, entry.topic);
    return true;
  }

  /**
   * Nothing where {@code topic} was deleted since: then what is watched by its name is another one.
   */
  void unwatch(Topic topic) {
    Watched entry = watched.get(topic.name());
    if (entry != null && entry.ids.contains(topic.id()) && --entry.watchers == 0) {
      watched.remove(topic.name());
    }
  }

  List<String> names() {
    return List.copyOf(watched.keySet());
  }

  boolean isWatched(String name) {
    return watched.containsKey(name);
  }

  /**
   * Compares a topic with what it was, and tells the listeners.
   *
   * @param now the topic as it is, or {@code null} when it is surely gone
   */
  TopicChange compare(String name, @Nullable Topic now) {
    Watched entry = watched.get(name);
    if (entry == null) {
      return TopicChange.NONE;
    }
    Topic before = entry.topic;
    List<Topic> known = new ArrayList<>(entry.others);
    known.add(before);
    entry.others.clear();
    if (now == null) {
      watched.remove(name);
      known.forEach(each -> tell(name, listener -> listener.onDeleted(each)));
      return TopicChange.DELETED;
    }
    entry.topic = now;
    entry.ids.add(now.id());
    known.forEach(each -> tellChange(each, now));
    return now.id().equals(before.id()) ? TopicChange.NONE : TopicChange.RECREATED;
  }

  private void tellChange(Topic before, Topic now) {
    if (!now.id().equals(before.id())) {
      tell(now.name(), listener -> listener.onRecreated(before, now));
    } else if (now.partitionCount() > before.partitionCount()) {
      tell(now.name(), listener -> listener.onPartitionsAdded(before, now));
    }
  }

  private void tell(String topic, Consumer<Catalog.Listener> news) {
    for (Catalog.Listener listener : listeners) {
      try {
        news.accept(listener);
      } catch (RuntimeException e) {
        LOG.atError()
            .addKeyValue(LogKeys.TOPIC, topic)
            .setCause(e)
            .log("A listener for topics failed.");
      }
    }
  }

  private static final class Watched {
    /**
     * All that the topic has had while it was watched: who leaves may not have heard of the last
     * one.
     */
    final Set<TopicId> ids = new HashSet<>(2);

    /** As it was described to those who came last, where that is of another id. */
    final Set<Topic> others = new LinkedHashSet<>(0);

    /** As it was told last. */
    Topic topic;

    int watchers;

    Watched(Topic topic) {
      this.topic = topic;
    }
  }
}
