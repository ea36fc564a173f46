package io.sluice.relay;

import io.sluice.log.Partition;
import io.sluice.log.Positions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop holds of one window: the links it has seen and not let go, and one reference
 * to each segment in which they lie. Made on the reader's thread, handed to its loop once, and that
 * loop's from then on.
 *
 * <p>A position in it is the sequence of the next link to send. {@code base} says from where on
 * each partition is here, {@code head} how far it is read, {@code ends} where its last record or
 * gap ends.
 */
final class WindowView implements StretchRow {
  final Feed feed;
  final LoopRelay loop;

  /** Set while the loop has been told that the window grew, and has not looked yet. */
  final AtomicBoolean grown = new AtomicBoolean();

  /** Subscribers that left and that the reader has not been told of. */
  int departures;

  /** Subscribers that came, less those that the reader has been told of. Reader's thread. */
  int subscribers;

  private final ArrayDeque<Segment> segments = new ArrayDeque<>(2);
  private final ArrayList<FeedPartition> partitions;
  private final ArrayList<OffsetIndex> indexes;
  private final Cursors cursors = new Cursors();
  private final LinkRing links;
  private Link last;
  private long[] base;
  private long[] head;
  private long[] ends;
  private long[] observed;
  private Map<Integer, Long> leftAt = Map.of();
  private List<FeedPartition> owed = List.of();
  private Set<Partition> owedMore = Set.of();
  private long[] headsTold;
  private boolean closed;

  /** Why all its subscribers end; set before the window lets anything go because of it. */
  private volatile @Nullable Ending ending;

  /** Sees what the window of {@code feed} holds at this moment. Reader's thread. */
  WindowView(Feed feed, LoopRelay loop) {
    this.feed = feed;
    this.loop = loop;
    LogWindow window = feed.window();
    this.partitions = new ArrayList<>(feed.partitions());
    this.last = window.beforeFirst();
    this.links = new LinkRing(last.sequence + 1);
    this.base = window.coveredFrom().clone();
    this.head = base.clone();
    this.ends = new long[base.length];
    this.headsTold = head.clone();
    this.observed = new long[base.length];
    this.indexes = new ArrayList<>(base.length);
    addIndexes();
    observeProgress();
    follow();
    passObserved();
  }

  Cursors cursors() {
    return cursors;
  }

  /** The sequence behind the newest link: who stands here has all. */
  long next() {
    return links.next();
  }

  @Override
  public long end() {
    return links.next();
  }

  /**
   * Half of what it holds is older: where those go on who skip, for at the oldest they would fall
   * out at once.
   */
  long middle() {
    return links.oldest() + (links.next() - links.oldest() + 1) / 2;
  }

  /** How far {@code partition} has been read. */
  long head(int partition) {
    return head[partition];
  }

  /** How far all are read, never to be changed: the same array as long as they are not read on. */
  long[] heads() {
    if (!Arrays.equals(headsTold, head)) {
      headsTold = head.clone();
    }
    return headsTold;
  }

  /**
   * True where a client that has everything, and was told of {@code positions}, knows how far all
   * partitions are read.
   */
  boolean isKnown(long[] positions) {
    for (int i = 0; i < head.length; i++) {
      boolean told = i < positions.length && head[i] <= positions[i];
      if (head[i] > ends[i] && !told && !isClosed(i)) {
        return false;
      }
    }
    return true;
  }

  /** True where all are read as far as {@code positions}, or as far as they ever will be. */
  boolean hasReached(long[] positions) {
    for (int i = 0; i < positions.length; i++) {
      if (head[i] < positions[i] && positions[i] != Stretch.CLOSED && !leftAt.containsKey(i)) {
        return false;
      }
    }
    return true;
  }

  FeedPartition partition(int index) {
    return partitions.get(index);
  }

  int partitionCount() {
    return partitions.size();
  }

  /** True where nothing can come of a partition any more, because its topic was made again. */
  boolean isClosed(int partition) {
    return head[partition] == Stretch.CLOSED;
  }

  /**
   * Where a partition ended whose topic was deleted, and whoever stands before it will not get the
   * rest; {@code null} where it did not.
   */
  @Nullable Long leftAt(int partition) {
    return leftAt.get(partition);
  }

  /**
   * True where a partition of a topic that was made again is owed to subscribers from before the
   * window has it: they have to hear first that it is another topic.
   */
  boolean isOwedAnew(int partition) {
    return isClosed(partition) && owedMore.contains(partitions.get(partition).partition());
  }

  /** True where everything of {@code partition} from {@code offset} on is here or still to come. */
  boolean covers(int partition, long offset) {
    return offset >= base[partition];
  }

  /** True where that holds for all partitions. */
  boolean covers(long[] positions) {
    for (int i = 0; i < base.length; i++) {
      if (positions[i] < base[i]) {
        return false;
      }
    }
    return true;
  }

  /** {@code positions}, with those partitions that the feed got since. */
  long[] fit(long[] positions) {
    if (positions.length == partitions.size()) {
      return positions;
    }
    long[] fitted = Arrays.copyOf(positions, partitions.size());
    for (int i = positions.length; i < fitted.length; i++) {
      fitted[i] = partitions.get(i).start();
    }
    return fitted;
  }

  /** The first link with something at or after {@code positions} of some partition. */
  long startFor(long[] positions) {
    long next = links.next();
    long start = next;
    for (int i = 0; i < positions.length; i++) {
      start = Math.min(start, indexes.get(i).firstReaching(positions[i], next));
    }
    return start;
  }

  /**
   * From which link on nothing lies below {@code positions}; {@code Long.MAX_VALUE} while that
   * cannot be known.
   */
  long plainFrom(long[] positions) {
    long oldest = links.oldest();
    long plain = oldest;
    if (!hasReached(positions)) {
      return Long.MAX_VALUE;
    }
    for (int i = 0; i < positions.length; i++) {
      plain = Math.max(plain, 1 + indexes.get(i).lastBelow(positions[i], oldest - 1));
    }
    return plain;
  }

  @Override
  public Stretch stretch(long sequence) {
    return links.at(sequence).stretch;
  }

  /**
   * The vector of who stands at {@code sequence}: of each partition what comes next, or where its
   * reading is.
   */
  long[] vectorAt(long sequence) {
    long[] vector = head.clone();
    for (int i = 0; i < vector.length; i++) {
      vector[i] = indexes.get(i).nextFrom(sequence, head[i]);
    }
    return vector;
  }

  /** {@code vector} for others to see: without partitions of topics that are no more. */
  Positions positions(long[] vector) {
    long[] fitted = fit(vector);
    Map<Partition, Long> named = new HashMap<>();
    for (int i = 0; i < fitted.length; i++) {
      if (!isClosed(i) && !leftAt.containsKey(i)) {
        named.put(partitions.get(i).partition(), fitted[i]);
      }
    }
    return new Positions(named);
  }

  /**
   * Takes in what the window got, then lets go what it let go. Who stood there has its exact
   * positions taken before, and is told when all is done.
   */
  void sync() {
    if (closed) {
      return;
    }
    observeProgress();
    follow();
    passObserved();
    long evicted = Math.min(feed.window().oldest(), links.next());
    // Read after it: whoever sees the window of an ended feed empty sees why.
    Ending over = ending;
    if (over != null) {
      cursors.copy().forEach(each -> each.guard(subscriber -> subscriber.end(over)));
    }
    if (!owed.isEmpty()) {
      List<FeedPartition> now = owed;
      owed = List.of();
      cursors.copy().forEach(each -> each.guard(subscriber -> subscriber.onOwed(now)));
    }
    if (evicted > links.oldest()) {
      for (Subscriber subscriber : drop(evicted)) {
        subscriber.guard(Subscriber::onOverflow);
      }
    }
  }

  /**
   * Sees how far its partitions have been read since, unless the window has something new, of which
   * the loop is told: so the positions of a quiet feed stay near the head, though nobody is woken
   * for it.
   */
  void observe() {
    if (closed || last.next() != null) {
      return;
    }
    observeProgress();
    if (last.next() == null) {
      passObserved();
    }
  }

  /**
   * Ends all its subscribers, in the next task of its loop that looks, with what they have so far.
   * Reader's thread.
   */
  void end(Ending why) {
    ending = why;
    loop.execute(this::sync);
  }

  /** For how many links its ring has room. */
  int ringSize() {
    return links.size();
  }

  /** Lets everything go. */
  void close() {
    closed = true;
    segments.forEach(Segment::release);
    segments.clear();
    links.clear();
  }

  /**
   * Progress first, links second: so every record below the observed progress is here afterwards.
   */
  private void observeProgress() {
    for (int i = 0; i < observed.length; i++) {
      observed[i] = partitions.get(i).progress().position();
    }
  }

  private void passObserved() {
    for (int i = 0; i < observed.length; i++) {
      head[i] = Math.max(head[i], observed[i]);
    }
    if (observed.length < head.length) {
      observed = new long[head.length];
    }
  }

  private void follow() {
    for (Link link = last.next(); link != null; link = link.next()) {
      Segment segment = link.stretch.segment();
      if (segment != null && segment != segments.peekLast() && segment.tryRetain()) {
        segments.add(segment);
      }
      // Where it cannot be retained it is evicted, and so is all before it: it is dropped before
      // anybody reads it.
      links.put(link);
      if (link.stretch instanceof PartitionsStretch news) {
        grow(news.added());
        leave(news.left());
      }
      long sequence = link.sequence;
      link.stretch.spans((partition, from, end) -> {
        indexes.get(partition).add(sequence, from, end);
        ends[partition] = end;
      });
      link.stretch.advance(head);
      last = link;
    }
  }

  private void grow(List<FeedPartition> added) {
    int before = partitions.size();
    for (FeedPartition partition : added) {
      if (partition.index() == partitions.size()) {
        partitions.add(partition);
      }
    }
    if (partitions.size() == before) {
      return;
    }
    base = Arrays.copyOf(base, partitions.size());
    head = Arrays.copyOf(head, partitions.size());
    ends = Arrays.copyOf(ends, partitions.size());
    for (FeedPartition partition : partitions.subList(before, partitions.size())) {
      base[partition.index()] = partition.covered();
      head[partition.index()] = partition.covered();
      if (partition.isOwedMore()) {
        owed = new ArrayList<>(owed);
        owed.add(partition);
        owedMore = new HashSet<>(owedMore);
        owedMore.add(partition.partition());
      }
    }
    addIndexes();
  }

  private void leave(List<PartitionsStretch.Left> left) {
    if (!left.isEmpty()) {
      leftAt = new HashMap<>(leftAt);
      left.forEach(each -> leftAt.put(each.index(), each.end()));
    }
  }

  private void addIndexes() {
    while (indexes.size() < partitions.size()) {
      indexes.add(new OffsetIndex());
    }
  }

  private List<Subscriber> drop(long end) {
    List<Subscriber> fallen = cursors.below(end);
    fallen.forEach(Subscriber::fall);
    links.dropBelow(end, link -> link.stretch.advance(base));
    indexes.forEach(index -> index.dropBelow(end));
    Segment kept = null;
    for (long sequence = links.oldest(); sequence < links.next() && kept == null; sequence++) {
      kept = stretch(sequence).segment();
    }
    while (!segments.isEmpty() && segments.peekFirst() != kept) {
      segments.remove().release();
    }
    return fallen;
  }
}
