package io.sluice.relay;

/**
 * Stretches one behind the other, by ascending number: what an event loop sees of a window, or a
 * slice.
 */
interface StretchRow {
  /** The stretch with that number. */
  Stretch stretch(long number);

  /** The number behind the last. */
  long end();

  /** The first stretch in {@code [from, to)} that has bytes; {@code to} where none has. */
  default long firstWithBytes(long from, long to) {
    long number = from;
    while (number < to && stretch(number).length() == 0) {
      number++;
    }
    return number;
  }

  /** How many bytes the stretches in {@code [from, to)} have together. */
  default int bytes(long from, long to) {
    int bytes = 0;
    for (long number = from; number < to; number++) {
      bytes += stretch(number).length();
    }
    return bytes;
  }

  /** How many records the stretches in {@code [from, to)} have together. */
  default int records(long from, long to) {
    int records = 0;
    for (long number = from; number < to; number++) {
      records += stretch(number).records();
    }
    return records;
  }

  /**
   * Behind which stretch a run ends that begins with {@code from}, lies in one piece and has about
   * {@code maxBytes} and at most {@code maxRecords}; {@code from} itself where the first has more
   * records.
   */
  default long runEnd(long from, int maxBytes, long maxRecords) {
    long number = from;
    Stretch before = null;
    int bytes = 0;
    long records = 0;
    while (number < end()) {
      Stretch stretch = stretch(number);
      records += stretch.records();
      if (records > maxRecords) {
        break;
      }
      if (stretch.length() > 0) {
        if (before != null
            && (bytes + stretch.length() > maxBytes
                || stretch.segment() != before.segment()
                || stretch.index() != before.index() + before.length())) {
          break;
        }
        before = stretch;
        bytes += stretch.length();
      }
      number++;
    }
    return number;
  }
}
