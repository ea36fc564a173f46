package io.sluice.protocol;

import io.sluice.log.RecordKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a subscription, as the client gave them: {@code null} where it said nothing, so
 * that the channel's own default stands (PROTOCOL §3).
 *
 * @param from where it starts
 * @param overflow what becomes of it when it falls out of the retained window
 * @param value how values are written
 * @param key only records with this key; of at most {@link #MAX_KEY_BYTES}
 * @param fields paths of the value to keep
 * @param credit records that may be in flight before the client grants more, 0 or more
 * @param maxRate at most so many {@code records} messages a second, above 0
 */
public record SubscribeOptions(
    @Nullable StartingPoint from,
    @Nullable Overflow overflow,
    @Nullable ValueForm value,
    @Nullable RecordKey key,
    @Nullable List<String> fields,
    @Nullable Long credit,
    @Nullable Double maxRate) {
  /** The most records that are ever granted at once: numbers stay exact in JavaScript. */
  public static final long MAX_CREDIT = CommandId.MAX_NUMBER;

  /** Faster than any screen; the socket's own pace is no limit that one would write down. */
  public static final double MAX_RATE = 1_000;

  /** One message in about 17 minutes. */
  public static final double MIN_RATE = 0.001;

  /**
   * The largest key that is asked for, in bytes: it is held as long as its feed is, which outlives
   * its last subscriber. A key that programs address records by is far shorter.
   */
  public static final int MAX_KEY_BYTES = 8 * 1024;

  /** Nothing was said. */
  public static final SubscribeOptions NONE =
      new SubscribeOptions(null, null, null, null, null, null, null);

  public SubscribeOptions {
    fields = fields == null ? null : List.copyOf(fields);
  }

  /** These, from {@code start} on. */
  public SubscribeOptions startingAt(StartingPoint start) {
    return new SubscribeOptions(start, overflow, value, key, fields, credit, maxRate);
  }

  /** These, and where they say nothing what {@code defaults} say. */
  public SubscribeOptions orElse(SubscribeOptions defaults) {
    return new SubscribeOptions(
        from != null ? from : defaults.from,
        overflow != null ? overflow : defaults.overflow,
        value != null ? value : defaults.value,
        key != null ? key : defaults.key,
        fields != null ? fields : defaults.fields,
        credit != null ? credit : defaults.credit,
        maxRate != null ? maxRate : defaults.maxRate);
  }
}
