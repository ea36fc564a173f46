package io.sluice.log;

/**
 * Offsets of a partition that will not come.
 *
 * @param partition the partition
 * @param from the first offset that will not come
 * @param to the offset after the last that will not come, or {@link #UNKNOWN} where nobody can tell
 * @param reason why
 * @param size bytes of the one record that was too large, or {@link #UNKNOWN} for every other
 *     reason
 */
public record Gap(Partition partition, long from, long to, GapReason reason, long size) {
  /** Stands for a number that is not known. */
  public static final long UNKNOWN = -1;

  /** A gap that is not about the size of a record. */
  public Gap(Partition partition, long from, long to, GapReason reason) {
    this(partition, from, to, reason, UNKNOWN);
  }
}
