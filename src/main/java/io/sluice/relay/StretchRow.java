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
