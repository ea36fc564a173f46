package io.sluice.relay;

import io.sluice.log.Partition;
import io.sluice.log.RecordKey;
import io.sluice.log.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records of one selection in one form, encoded once. The reader's thread owns it; event loops use
 * its number, its encoder and, through views, its window.
 *
 * <p>There may be ten thousand of them with one partition each: what mostly has one entry is kept
 * small.
 */
final class Feed {
  private final FeedKey key;
  private final long number;
  private final Encoder encoder;
  private final LogWindow window;
  private final ArrayList<FeedPartition> partitions = new ArrayList<>(1);
  private final ArrayList<WindowView> views = new ArrayList<>(1);
  private Map<Partition, FeedPartition> open = Map.of();
  private Map<String, Topic> topics = Map.of();
  private Map<String, List<FeedPartition>> gone = Map.of();
  private long lingersSince;
  private @Nullable StretchBuilder builder;

  Feed(FeedKey key, long number, Encoder encoder, LogWindow window) {
    this.key = key;
    this.number = number;
    this.encoder = encoder;
    this.window = window;
    window.feed = this;
  }

  FeedKey key() {
    return key;
  }

  Selection selection() {
    return key.selection();
  }

  /** What it selects records by; {@code null} where it takes all. Any thread. */
  @Nullable RecordKey recordKey() {
    return key.selection().key();
  }

  /** What clients know as {@code subscription}. Any thread. */
  long number() {
    return number;
  }

  /** Any thread. */
  Encoder encoder() {
    return encoder;
  }

  /** The largest record that it relays, in bytes. Any thread. */
  int maxRecordBytes() {
    return key.form().maxRecordBytes();
  }

  LogWindow window() {
    return window;
  }

  /** The topics that it reads, as they were last described. */
  Collection<Topic> topics() {
    return topics.values();
  }

  /** The topic of that name, where it reads it. */
  @Nullable Topic topic(String name) {
    return topics.get(name);
  }

  /** It reads {@code topic}, or knows it better than before. */
  void topic(Topic topic) {
    topics = with(topics, topic.name(), topic);
  }

  /** {@code left} are of a topic that has gone: nothing follows of them. */
  void leave(String topic, List<FeedPartition> left) {
    left.forEach(this::close);
    gone = with(gone, topic, left);
    topics = without(topics, topic);
  }

  /** The partitions of a topic of that name which has gone, once; empty where none has. */
  List<FeedPartition> takeGone(String topic) {
    List<FeedPartition> its = gone.getOrDefault(topic, List.of());
    gone = without(gone, topic);
    return its;
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

  /** True where records may come of {@code partition}. */
  boolean reads(FeedPartition partition) {
    return open.get(partition.partition()) == partition;
  }

  /** Those of one topic of which records may come. */
  List<FeedPartition> openOf(String topic) {
    return open.values().stream().filter(each -> each.partition().topic().equals(topic)).toList();
  }

  /**
   * Reads {@code live} from now on, at the place where its reader is.
   *
   * @param start from where on it is owed to who has subscribed already: there or before
   */
  FeedPartition add(LivePartition live, long start) {
    FeedPartition added =
        new FeedPartition(
            partitions.size(), live.partition(), start, live.position(), live.progress());
    partitions.add(added);
    open = with(open, live.partition(), added);
    window.addPartition(live.position());
    live.add(this, added.index());
    return added;
  }

  /** Nothing comes of {@code partition} any more. */
  void close(FeedPartition partition) {
    if (reads(partition)) {
      open = without(open, partition.partition());
    }
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
    for (WindowView view : views) {
      if (view.loop == loop) {
        view.subscribers++;
        return view;
      }
    }
    WindowView view = new WindowView(this, loop);
    view.subscribers = 1;
    views.add(view);
    return view;
  }

  /** {@code count} subscribers of {@code view} left; the last takes the view along. */
  void left(WindowView view, int count) {
    view.subscribers -= count;
    if (view.subscribers == 0 && views.remove(view)) {
      view.loop.execute(view::close);
    }
  }

  boolean hasSubscribers() {
    return !views.isEmpty();
  }

  List<WindowView> views() {
    return List.copyOf(views);
  }

  /** Tells the loops of its views that there is something new; {@link LoopRelay#wake} follows. */
  void tellGrown(Collection<LoopRelay> loops) {
    for (WindowView view : views) {
      view.loop.onGrown(view);
      loops.add(view.loop);
    }
  }

  long lingersSince() {
    return lingersSince;
  }

  void lingersSince(long now) {
    lingersSince = now;
  }

  private static <K, V> Map<K, V> with(Map<K, V> map, K key, V value) {
    if (map.isEmpty() || map.size() == 1 && map.containsKey(key)) {
      return Map.of(key, value);
    }
    Map<K, V> more = map instanceof LinkedHashMap ? map : new LinkedHashMap<>(map);
    more.put(key, value);
    return more;
  }

  private static <K, V> Map<K, V> without(Map<K, V> map, K key) {
    if (map instanceof LinkedHashMap) {
      map.remove(key);
      return map;
    }
    return map.containsKey(key) ? Map.of() : map;
  }

  @Override
  public String toString() {
    return "feed " + number + " of " + key.selection();
  }
}
