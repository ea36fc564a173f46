package io.sluice.wire;

import io.netty.buffer.ByteBuf;
import io.sluice.log.Gap;
import io.sluice.log.Header;
import io.sluice.log.LogRecord;
import io.sluice.protocol.ValueForm;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records as they stand in a {@code records} message (PROTOCOL §3), for one form of values.
 * Immutable: any thread.
 */
public final class JsonRecords {
  private static final int FEW_HEADERS = 8;

  private final ValueForm form;

  public JsonRecords(ValueForm form) {
    this.form = form;
  }

  /** Writes what stands before the records of a message. */
  public void open(long subscription, ByteBuf out) {
    JsonOut.raw(out, "{\"type\":\"records\",\"subscription\":");
    JsonOut.number(out, subscription);
    JsonOut.raw(out, ",\"records\":[");
  }

  /** Writes what stands after them. */
  public void close(ByteBuf out) {
    out.writeByte(']').writeByte('}');
  }

  /** Writes what stands between two records. */
  public void separator(ByteBuf out) {
    out.writeByte(',');
  }

  /** Writes one record. */
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

  /** Writes a {@code gap} message. */
  public void gap(long subscription, Gap gap, ByteBuf out) {
    JsonEvents.gap(out, subscription, gap);
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
      out.writeBytes(bytes, from, to - from);
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

  /**
   * Headers as an object; one whose name repeats is an array, in order, at the place of its first
   * occurrence. A few are compared with each other; many are grouped first, or a record full of
   * headers would hold up all others.
   */
  private static void headers(ByteBuf out, List<Header> headers) {
    out.writeByte('{');
    if (headers.size() <= FEW_HEADERS && !anyRepeats(headers)) {
      for (int i = 0; i < headers.size(); i++) {
        name(out, headers.get(i).name(), i == 0);
        bytesOrNull(out, headers.get(i).value());
      }
    } else {
      grouped(out, headers);
    }
    out.writeByte('}');
  }

  private static void grouped(ByteBuf out, List<Header> headers) {
    Map<String, List<Header>> byName = new LinkedHashMap<>();
    for (Header header : headers) {
      byName.computeIfAbsent(header.name(), name -> new ArrayList<>(1)).add(header);
    }
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

  private static boolean anyRepeats(List<Header> headers) {
    for (int i = 1; i < headers.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (headers.get(i).name().equals(headers.get(j).name())) {
          return true;
        }
      }
    }
    return false;
  }
}
