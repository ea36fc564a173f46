package io.sluice.relay;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The subscribers of one socket, by what they read and by their numbers. Most sockets have one or
 * none, so the maps are made for the second. Event-loop thread only.
 */
final class Subscribers {
  /** The only one; null where there are none or several. */
  private @Nullable Subscriber only;

  /** All of them; null where there is at most one. */
  private @Nullable Indexed several;

  /** Several subscribers and how to find them. */
  private static final class Indexed {
    private final Map<FeedKey, Subscriber> byKey = new HashMap<>(4);
    private final Map<Long, Subscriber> byNumber = new HashMap<>(4);

    void add(Subscriber subscriber) {
      byKey.put(subscriber.key(), subscriber);
      byNumber.put(subscriber.number(), subscriber);
    }

    void remove(Subscriber subscriber) {
      byKey.remove(subscriber.key(), subscriber);
      byNumber.remove(subscriber.number(), subscriber);
    }
  }

  /** There is none with the same key. */
  void add(Subscriber subscriber) {
    if (several != null) {
      several.add(subscriber);
    } else if (only == null) {
      only = subscriber;
    } else {
      several = new Indexed();
      several.add(only);
      several.add(subscriber);
      only = null;
    }
  }

  /** Does nothing where it is gone already. */
  void remove(Subscriber subscriber) {
    if (only == subscriber) {
      only = null;
    } else if (several != null) {
      several.remove(subscriber);
      if (several.byKey.isEmpty()) {
        several = null;
      }
    }
  }

  /** The one that reads {@code key}. */
  @Nullable Subscriber reading(FeedKey key) {
    if (several != null) {
      return several.byKey.get(key);
    }
    return only != null && only.key().equals(key) ? only : null;
  }

  /** The one that clients call {@code number}. */
  @Nullable Subscriber numbered(long number) {
    if (several != null) {
      return several.byNumber.get(number);
    }
    return only != null && only.number() == number ? only : null;
  }

  int size() {
    return several != null ? several.byKey.size() : only == null ? 0 : 1;
  }

  /** All of them at this moment, in no order. */
  Collection<Subscriber> copy() {
    if (several != null) {
      return List.copyOf(several.byKey.values());
    }
    return only == null ? List.of() : List.of(only);
  }
}
