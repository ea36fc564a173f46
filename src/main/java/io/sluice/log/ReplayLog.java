package io.sluice.log;

/** The part of the log that is older than its head, read a slice at a time. */
public interface ReplayLog {
  /** How many reads can run at once. */
  int parallelism();

  /**
   * Reads one slice and hands it to {@code handler}, exactly one call, on a thread of this log.
   * Returns at once. Any thread. A caller keeps at most {@link #parallelism()} reads going; more
   * are queued in order of arrival.
   */
  void read(Request request, Handler handler);

  /**
   * A slice to read.
   *
   * @param partition the partition
   * @param from the first offset
   * @param until reading stops before this offset; greater than {@code from}
   * @param maxBytes about how many bytes of records a slice holds; one record more than that is
   *     still read
   */
  record Request(Partition partition, long from, long until, int maxBytes) {}

  /** Takes the outcome of a read. */
  interface Handler {
    /**
     * The slice. {@code batch.from()} is {@code request.from()}, {@code batch.to()} at most {@code
     * request.until()}; they are equal where nothing could be read yet.
     */
    void onBatch(Batch batch);

    /** Nothing was read; {@link LogFailure.OffsetOutOfRange} says what the log holds. */
    void onFailure(LogFailure failure);
  }
}
