package io.sluice.wire;

import io.netty.buffer.ByteBuf;
import io.sluice.log.Gap;
import io.sluice.log.Header;
import io.sluice.log.LogRecord;
import io.sluice.protocol.ValueForm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records in JSON, for one form of values. Immutable: any thread. */
final class JsonRecords implements Records {
  private final long subscription;
  private final ValueForm form;
  private final @Nullable JsonProjection projection;

  /** The message around the records is the same whatever their number. */
  private final byte[] opening;

  JsonRecords(long subscription, ValueForm form, @Nullable JsonProjection projection) {
    this.subscription = subscription;
    this.form = form;
    this.projection = projection;
    this.opening =
        ("{\"type\":\"records\",\"subscription\":" + subscription + ",\"records\":[")
            .getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void open(int count, ByteBuf out) {
    out.writeBytes(opening);
  }

  @Override
  public int openingBytes(int count) {
    return opening.length;
  }

  @Override
  public void close(ByteBuf out) {
    out.writeByte(']').writeByte('}');
  }

  @Override
  public int closingBytes() {
    return 2;
  }

  @Override
  public void separator(ByteBuf out) {
    out.writeByte(',');
  }

  @Override
  public void element(LogRecord record, ByteBuf out) {
    JsonOut.raw(out, "{\"topic\":\"");
    JsonOut.raw(out, record.partition().topic()); // [a-zA-Z0-9._-]: nothing to escape
    JsonOut.raw(out, "\",\"partition\":");
    JsonOut.number(out, record.partition().number());
    JsonOut.raw(out, ",\"offset\":");
    JsonOut.number(out, record.offset());
    JsonOut.raw(out, ",\"timestamp\":");
    if (record.timestamp() == LogRecord.NO_TIMESTAMP) {
      JsonOut.raw(out, "null");
    } else {
      JsonOut.number(out, record.timestamp());
    }
    JsonOut.raw(out, ",\"key\":");
    bytesOrNull(out, record.key());
    JsonOut.raw(out, ",\"headers\":");
    headers(out, record.headers());
    JsonOut.raw(out, ",\"value\":");
    value(out, record.value());
    out.writeByte('}');
  }

  @Override
  public void gap(Gap gap, ByteBuf out) {
    Events.gap(new JsonWriter(out), subscription, gap);
  }

  private void value(ByteBuf out, @Nullable ByteBuffer value) {
    if (value == null) {
      JsonOut.raw(out, "null");
      return;
    }
    if (form == ValueForm.BASE64) {
      base64(out, value);
      return;
    }
    byte[] bytes = JsonOut.array(value);
    int from = JsonOut.arrayFrom(value);
    int to = from + value.remaining();
    if (form != ValueForm.TEXT && JsonText.isJson(bytes, from, to)) {
      if (projection == null) {
        out.writeBytes(bytes, from, to - from);
      } else {
        out.writeBytes(projection.of(bytes, from, to));
      }
      if (isNull(bytes, from, to)) {
        JsonOut.raw(out, ",\"valueType\":\"json\"");
      }
    } else if (Utf8.isValid(bytes, from, to)) {
      JsonOut.utf8(out, bytes, from, to);
      JsonOut.raw(out, ",\"valueType\":\"text\"");
    } else {
      base64(out, value);
    }
  }

  private static void base64(ByteBuf out, ByteBuffer value) {
    JsonOut.base64(out, value);
    JsonOut.raw(out, ",\"valueType\":\"base64\"");
  }

  /** Whether a valid JSON text is {@code null}, which a tombstone must not be mistaken for. */
  private static boolean isNull(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] <= ' ') {
      at++;
    }
    return bytes[at] == 'n';
  }

  private static void bytesOrNull(ByteBuf out, @Nullable ByteBuffer bytes) {
    if (bytes == null) {
      JsonOut.raw(out, "null");
    } else {
      JsonOut.bytesOrText(out, bytes);
    }
  }

  private static void headers(ByteBuf out, List<Header> headers) {
    out.writeByte('{');
    Map<String, List<Header>> byName = HeadersByName.of(headers);
    if (byName == null) {
      for (int i = 0; i < headers.size(); i++) {
        name(out, headers.get(i).name(), i == 0);
        bytesOrNull(out, headers.get(i).value());
      }
    } else {
      grouped(out, byName);
    }
    out.writeByte('}');
  }

  private static void grouped(ByteBuf out, Map<String, List<Header>> byName) {
    boolean first = true;
    for (Map.Entry<String, List<Header>> entry : byName.entrySet()) {
      name(out, entry.getKey(), first);
      first = false;
      List<Header> values = entry.getValue();
      if (values.size() == 1) {
        bytesOrNull(out, values.getFirst().value());
        continue;
      }
      char separator = '[';
      for (Header value : values) {
        out.writeByte(separator);
        bytesOrNull(out, value.value());
        separator = ',';
      }
      out.writeByte(']');
    }
  }

  private static void name(ByteBuf out, String name, boolean first) {
    if (!first) {
      out.writeByte(',');
    }
    JsonOut.string(out, name);
    out.writeByte(':');
  }
}
