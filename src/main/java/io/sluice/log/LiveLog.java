package io.sluice.log;

/**
 * The head of the log, read by one thread that only moves forward. Every method but {@link
 * #execute} is called on that thread, which is where the {@link Listener} is called too.
 */
public interface LiveLog {
  /** Runs {@code task} on the reader's thread, between two polls and soon. Any thread. */
  void execute(Runnable task);

  /** Starts to read {@code partition} at offset {@code from}; it must not be read already. */
  void read(Partition partition, long from);

  /** Stops reading {@code partition}: nothing of it is handed over after this returns. */
  void stop(Partition partition);

  /** What the reader tells, on its own thread. */
  interface Listener {
    /**
     * Records of one partition, from the last poll. {@code batch.from()} is where the one before it
     * ended.
     */
    void onBatch(Batch batch);

    /**
     * Offsets that the log lost before they were read (retention); reading goes on at {@code
     * gap.to()}.
     */
    void onGap(Gap gap);

    /** {@code partition} is no longer read, because of {@code failure}. */
    void onStopped(Partition partition, LogFailure failure);

    /**
     * Everything that the last poll brought has been handed over. Called after every poll, also one
     * without records, and several times a second while there is nothing to poll for.
     */
    void onPollCompleted();
  }
}
