package io.sluice.log;

import java.util.List;

/**
 * What one read took from one partition: every offset in {@code [from, to)} was scanned, and {@code
 * records} is all that is there for a reader of committed records. Offsets that are missing are
 * control records, aborted or compacted.
 *
 * @param partition the partition that was read
 * @param from the first offset that was scanned
 * @param to the next offset to scan; greater than {@code from} unless nothing was there
 * @param records the records, by ascending offset; valid only during the call that hands the batch
 *     over
 */
public record Batch(Partition partition, long from, long to, List<LogRecord> records) {
  @Override
  public String toString() {
    return partition + "[" + from + "," + to + ") of " + records.size();
  }
}
