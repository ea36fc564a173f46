package io.sluice.relay;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that wait to be read: owners take turns, and each may scan so many bytes a second. Reader's
 * thread.
 */
final class OwnerQueues {
  private static final class Owner {
    final ArrayDeque<ReplayJob> jobs = new ArrayDeque<>(2);
    final TokenBucket bucket;

    Owner(TokenBucket bucket) {
      this.bucket = bucket;
    }
  }

  private final Map<String, Owner> owners = new HashMap<>();
  private final ArrayDeque<Owner> turns = new ArrayDeque<>();
  private final long perOwner;
  private final TokenBucket all;

  OwnerQueues(long perSecond, long perSecondPerOwner, long now) {
    this.perOwner = perSecondPerOwner;
    this.all = new TokenBucket(perSecond, now);
  }

  void add(ReplayJob job, long now) {
    Owner owner = owner(job.owner(), now);
    if (owner.jobs.isEmpty()) {
      turns.add(owner);
    }
    owner.jobs.add(job);
  }

  /** The next job of the next owner that may scan, if there is one. */
  @Nullable ReplayJob poll(long now) {
    if (!all.isOpen(now)) {
      return null;
    }
    for (int i = turns.size(); i > 0; i--) {
      Owner owner = turns.remove();
      if (owner.bucket.isOpen(now)) {
        ReplayJob job = owner.jobs.remove();
        if (!owner.jobs.isEmpty()) {
          turns.add(owner);
        }
        return job;
      }
      turns.add(owner);
    }
    return null;
  }

  /** {@code name} has scanned {@code bytes}. */
  void scanned(String name, long bytes, long now) {
    all.take(bytes);
    owner(name, now).bucket.take(bytes);
  }

  /** Forgets owners that have nothing to wait for and nothing to pay. */
  void purge(long now) {
    owners.values().removeIf(owner -> owner.jobs.isEmpty() && owner.bucket.isFull(now));
  }

  private Owner owner(String name, long now) {
    return owners.computeIfAbsent(name, key -> new Owner(new TokenBucket(perOwner, now)));
  }
}
