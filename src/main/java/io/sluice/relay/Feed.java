package io.sluice.relay;

import io.sluice.log.Partition;
import io.sluice.log.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records of one selection in one form, encoded once. The reader's thread owns it; event loops use
 * its number, its encoder and, through views, its window.
 */
final class Feed {
  private static final class Share {
    final WindowView view;
    int subscribers;

    Share(WindowView view) {
      this.view = view;
    }
  }

  private final FeedKey key;
  private final long number;
  private final Encoder encoder;
  private final LogWindow window;
  private final List<FeedPartition> partitions = new ArrayList<>();
  private final Map<Partition, FeedPartition> open = new HashMap<>();
  private final Map<LoopRelay, Share> shares = new HashMap<>(4);
  private Topic topic;
  private long lingersSince;
  private long sliceSpan;
  private @Nullable StretchBuilder builder;

  Feed(FeedKey key, long number, Encoder encoder, LogWindow window, Topic topic) {
    this.key = key;
    this.number = number;
    this.encoder = encoder;
    this.window = window;
    this.topic = topic;
  }

  FeedKey key() {
    return key;
  }

  /** What clients know as {@code subscription}. Any thread. */
  long number() {
    return number;
  }

  /** Any thread. */
  Encoder encoder() {
    return encoder;
  }

  LogWindow window() {
    return window;
  }

  Topic topic() {
    return topic;
  }

  void topic(Topic now) {
    topic = now;
  }

  /** All partitions that it has had, by index. */
  List<FeedPartition> partitions() {
    return partitions;
  }

  /** Those of which records may come. */
  Collection<FeedPartition> open() {
    return open.values();
  }

  @Nullable FeedPartition open(Partition partition) {
    return open.get(partition);
  }

  /** Reads {@code live} from now on, at the place where its reader is. */
  FeedPartition add(LivePartition live) {
    long start = live.position();
    FeedPartition added =
        new FeedPartition(partitions.size(), live.partition(), start, live.progress());
    partitions.add(added);
    open.put(live.partition(), added);
    window.addPartition(start);
    live.add(this, added.index());
    return added;
  }

  /** Nothing comes of {@code partition} any more. */
  void close(FeedPartition partition) {
    open.remove(partition.partition(), partition);
  }

  /** A vector in which nothing comes any more, to be filled in for what is open. */
  long[] closedVector() {
    long[] vector = new long[partitions.size()];
    Arrays.fill(vector, Stretch.CLOSED);
    return vector;
  }

  /** What encodes the records of this poll, where there are any. */
  @Nullable StretchBuilder builder() {
    return builder;
  }

  void builder(@Nullable StretchBuilder newBuilder) {
    builder = newBuilder;
  }

  /** The view for {@code loop}, with one subscriber more. */
  WindowView join(LoopRelay loop) {
    Share share = shares.computeIfAbsent(loop, key -> new Share(new WindowView(this, key)));
    share.subscribers++;
    return share.view;
  }

  /** {@code count} subscribers of {@code view} left; the last takes the view along. */
  void left(WindowView view, int count) {
    Share share = shares.get(view.loop);
    if (share == null || share.view != view) {
      return;
    }
    share.subscribers -= count;
    if (share.subscribers == 0) {
      shares.remove(view.loop);
      view.loop.execute(view::close);
    }
  }

  boolean hasSubscribers() {
    return !shares.isEmpty();
  }

  List<WindowView> views() {
    return shares.values().stream().map(share -> share.view).toList();
  }

  /** Tells the loops of its views that there is something new; {@link LoopRelay#wake} follows. */
  void tellGrown(Collection<LoopRelay> loops) {
    for (Share share : shares.values()) {
      share.view.loop.onGrown(share.view);
      loops.add(share.view.loop);
    }
  }

  /** How many offsets its last slice had: about what the next will have. */
  long sliceSpan() {
    return sliceSpan;
  }

  void sliceSpan(long offsets) {
    sliceSpan = offsets;
  }

  long lingersSince() {
    return lingersSince;
  }

  void lingersSince(long now) {
    lingersSince = now;
  }

  @Override
  public String toString() {
    return "feed " + number + " of " + key.selection();
  }
}
