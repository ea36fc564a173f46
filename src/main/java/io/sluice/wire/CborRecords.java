package io.sluice.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.log.Gap;
import io.sluice.log.Header;
import io.sluice.log.LogRecord;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Records in CBOR: key, headers and value are byte strings, the record's own bytes, or null.
 * Immutable: any thread.
 */
final class CborRecords implements Records {
  private static final byte[] TOPIC = bytes(out -> CborOut.ascii(out, "topic"));
  private static final byte[] PARTITION = bytes(out -> CborOut.ascii(out, "partition"));
  private static final byte[] OFFSET = bytes(out -> CborOut.ascii(out, "offset"));
  private static final byte[] TIMESTAMP = bytes(out -> CborOut.ascii(out, "timestamp"));
  private static final byte[] KEY = bytes(out -> CborOut.ascii(out, "key"));
  private static final byte[] HEADERS = bytes(out -> CborOut.ascii(out, "headers"));
  private static final byte[] VALUE = bytes(out -> CborOut.ascii(out, "value"));
  private static final int NAMES = 7;

  private final long subscription;
  private final @Nullable JsonProjection projection;

  /** All of a message up to the head of its array of records. */
  private final byte[] opening;

  CborRecords(long subscription, @Nullable JsonProjection projection) {
    this.subscription = subscription;
    this.projection = projection;
    this.opening =
        bytes(out -> {
          CborOut.head(out, CborReader.MAP, 3);
          CborOut.ascii(out, "type");
          CborOut.ascii(out, "records");
          CborOut.ascii(out, "subscription");
          CborOut.number(out, subscription);
          CborOut.ascii(out, "records");
        });
  }

  @Override
  public void open(int count, ByteBuf out) {
    out.writeBytes(opening);
    CborOut.head(out, CborReader.ARRAY, count);
  }

  @Override
  public int openingBytes(int count) {
    return opening.length + CborOut.headBytes(count);
  }

  @Override
  public void element(LogRecord record, ByteBuf out) {
    CborOut.head(out, CborReader.MAP, NAMES);
    out.writeBytes(TOPIC);
    CborOut.ascii(out, record.partition().topic()); // [a-zA-Z0-9._-]
    out.writeBytes(PARTITION);
    CborOut.number(out, record.partition().number());
    out.writeBytes(OFFSET);
    CborOut.number(out, record.offset());
    out.writeBytes(TIMESTAMP);
    if (record.timestamp() == LogRecord.NO_TIMESTAMP) {
      CborOut.nothing(out);
    } else {
      CborOut.number(out, record.timestamp());
    }
    out.writeBytes(KEY);
    CborOut.bytesOrNull(out, record.key());
    out.writeBytes(HEADERS);
    headers(record.headers(), out);
    out.writeBytes(VALUE);
    CborOut.bytesOrNull(out, kept(record.value()));
  }

  /** The array's head says how many there are: nothing stands between them. */
  @Override
  public void separator(ByteBuf out) {}

  /** The array's head said where it ends. */
  @Override
  public void close(ByteBuf out) {}

  @Override
  public int closingBytes() {
    return 0;
  }

  @Override
  public void gap(Gap gap, ByteBuf out) {
    Events.gap(new CborWriter(out), subscription, gap);
  }

  private @Nullable ByteBuffer kept(@Nullable ByteBuffer value) {
    if (projection == null || value == null) {
      return value;
    }
    byte[] bytes = JsonOut.array(value);
    int from = JsonOut.arrayFrom(value);
    int to = from + value.remaining();
    return JsonText.isJson(bytes, from, to) ? projection.of(bytes, from, to) : value;
  }

  private static void headers(List<Header> headers, ByteBuf out) {
    Map<String, List<Header>> byName = HeadersByName.of(headers);
    if (byName == null) {
      CborOut.head(out, CborReader.MAP, headers.size());
      for (Header header : headers) {
        CborOut.text(out, header.name());
        CborOut.bytesOrNull(out, header.value());
      }
      return;
    }
    CborOut.head(out, CborReader.MAP, byName.size());
    byName.forEach((name, values) -> {
      CborOut.text(out, name);
      if (values.size() > 1) {
        CborOut.head(out, CborReader.ARRAY, values.size());
      }
      for (Header each : values) {
        CborOut.bytesOrNull(out, each.value());
      }
    });
  }

  private static byte[] bytes(Consumer<ByteBuf> content) {
    ByteBuf out = Unpooled.buffer();
    content.accept(out);
    return ByteBufUtil.getBytes(out);
  }
}
