package io.sluice.wire;

import static io.sluice.jmh.Samples.require;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.jmh.Samples;
import io.sluice.log.Header;
import io.sluice.log.LogRecord;
import io.sluice.protocol.ValueForm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One op writes one record with its position, key, a header and a value that is JSON, as an element
 * of a {@code records} message (ns/op); in JSON the value is looked at, since it is embedded.
 * Beside it Jackson's generator, in JSON with what its parser reads of the value.
 */
@State(Scope.Thread)
public class RecordsBenchmark {
  /** The value. */
  @Param({"64", "1024", "65536"})
  public int bytes;

  @Param({"JSON", "CBOR"})
  public MessageFormat format = MessageFormat.JSON;

  private final JsonFactory json = new JsonFactory();
  private final ByteArrayOutputStream stream = new ByteArrayOutputStream(1 << 17);
  private JsonFactory jackson = json;
  private Records records = format.records(7, ValueForm.AUTO, null);
  private LogRecord record = Samples.record(0, 64);
  private ByteBuf out = Unpooled.EMPTY_BUFFER;

  @Setup
  public void agree() throws IOException {
    jackson = format == MessageFormat.JSON ? json : new CBORFactory();
    records = format.records(7, ValueForm.AUTO, null);
    record = Samples.record(0, bytes);
    out = ByteBufAllocator.DEFAULT.heapBuffer(1 << 17);
    sluice();
    jackson();
    ObjectMapper mapper = new ObjectMapper(jackson);
    JsonNode ours = mapper.readTree(ByteBufUtil.getBytes(out));
    require(ours.equals(mapper.readTree(stream.toByteArray())), "the element");
    require(ours.get("offset").longValue() == record.offset(), "its position");
  }

  @TearDown
  public void release() {
    out.release();
  }

  @Benchmark
  public int sluice() {
    out.clear();
    records.element(record, out);
    return out.writerIndex();
  }

  @Benchmark
  public int jackson() throws IOException {
    stream.reset();
    try (JsonGenerator generator = jackson.createGenerator(stream)) {
      generator.writeStartObject(null, 7);
      generator.writeStringField("topic", record.partition().topic());
      generator.writeNumberField("partition", record.partition().number());
      generator.writeNumberField("offset", record.offset());
      generator.writeNumberField("timestamp", record.timestamp());
      generator.writeFieldName("key");
      bytes(generator, record.key());
      generator.writeFieldName("headers");
      generator.writeStartObject(null, record.headers().size());
      for (Header header : record.headers()) {
        generator.writeFieldName(header.name());
        bytes(generator, header.value());
      }
      generator.writeEndObject();
      generator.writeFieldName("value");
      value(generator, record.value());
      generator.writeEndObject();
    }
    return stream.size();
  }

  private void bytes(JsonGenerator generator, @Nullable ByteBuffer bytes) throws IOException {
    if (bytes == null) {
      generator.writeNull();
    } else if (format == MessageFormat.JSON) {
      generator.writeString(
          new String(bytes.array(), bytes.arrayOffset(), bytes.limit(), StandardCharsets.UTF_8));
    } else {
      generator.writeBinary(bytes.array(), bytes.arrayOffset(), bytes.limit());
    }
  }

  private void value(JsonGenerator generator, @Nullable ByteBuffer value) throws IOException {
    if (value == null || format == MessageFormat.CBOR) {
      bytes(generator, value);
      return;
    }
    try (JsonParser parser = json.createParser(value.array(), value.arrayOffset(), value.limit())) {
      parser.nextToken();
      generator.copyCurrentStructure(parser);
    }
  }
}
