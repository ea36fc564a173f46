package io.sluice.kafka;

import io.sluice.log.Catalog;
import io.sluice.log.Topic;
import io.sluice.log.TopicId;
import java.util.HashMap;
import java.util.HashSet;
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

  void watch(Topic topic) {
    Watched entry = watched.computeIfAbsent(topic.name(), name -> new Watched(topic));
    entry.ids.add(topic.id());
    entry.watchers++;
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
    if (now == null) {
      watched.remove(name);
      tell(listener -> listener.onDeleted(before));
      return TopicChange.DELETED;
    }
    entry.topic = now;
    entry.ids.add(now.id());
    if (!now.id().equals(before.id())) {
      tell(listener -> listener.onRecreated(before, now));
      return TopicChange.RECREATED;
    }
    if (now.partitionCount() > before.partitionCount()) {
      tell(listener -> listener.onPartitionsAdded(before, now));
    }
    return TopicChange.NONE;
  }

  private void tell(Consumer<Catalog.Listener> news) {
    for (Catalog.Listener listener : listeners) {
      try {
        news.accept(listener);
      } catch (RuntimeException e) {
        LOG.error("A listener for topics failed.", e);
      }
    }
  }

  private static final class Watched {
    /**
     * All that the topic has had while it was watched: who leaves may not have heard of the last
     * one.
     */
    final Set<TopicId> ids = new HashSet<>(2);

    Topic topic;
    int watchers;

    Watched(Topic topic) {
      this.topic = topic;
    }
  }
}
