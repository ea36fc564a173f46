package io.sluice.relay;

import static io.sluice.jmh.Samples.require;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.sluice.jmh.Samples;
import io.sluice.log.LogRecord;
import io.sluice.transport.FrameEncoders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One op makes one {@code records} message in JSON of about 60 KiB: encodes its records, frames
 * them, appends the frame to a full window, which lets an old segment go when it needs another one
 * (ns/op). Beside it one copy of such a frame to a direct buffer: less cannot be done.
 */
@State(Scope.Thread)
public class BatchBenchmark {
  private static final int MESSAGE_BYTES = 60 << 10;

  /** About what stands around a value. */
  private static final int ENVELOPE_BYTES = 150;

  /** A value: 286, 52 and 1 of them are one message. */
  @Param({"64", "1024", "65536"})
  public int bytes;

  private final RelaySettings settings = RelaySettings.defaults();
  private final Encoder encoder =
      new FrameEncoders().encoder(7, new FeedForm(WireFormat.JSON, ValueForm.AUTO));
  private final StretchBuilder builder = StretchBuilder.with(ByteBufAllocator.DEFAULT, settings);
  private final Windows windows =
      new Windows(
          new MemoryBudget(settings.windowBytes(), new LongAdder()),
          settings.feedWindowBytes(),
          new RelayCounters());
  private final LogWindow window = new LogWindow(ByteBufAllocator.DEFAULT, windows);
  private final List<LogRecord> records = new ArrayList<>();
  private ByteBuf frame = Unpooled.EMPTY_BUFFER;
  private ByteBuf target = Unpooled.EMPTY_BUFFER;

  @Setup
  public void agree() throws IOException {
    windows.add(window);
    window.addPartition(Samples.record(0, 64).offset());
    for (int i = 0; i < Math.max(1, MESSAGE_BYTES / (bytes + ENVELOPE_BYTES)); i++) {
      records.add(Samples.record(i, bytes));
    }
    while (window.bytes() < settings.feedWindowBytes() - (1 << 20)) {
      sluice();
    }
    Link before = window.last();
    sluice();
    require(before.next() == window.last(), "it is one message");
    frame = copyOf(window.last().stretch);
    target = ByteBufAllocator.DEFAULT.directBuffer(frame.readableBytes());
    int header = frame.readableBytes() > 0xFFFF ? 10 : 4;
    JsonNode message =
        new ObjectMapper().readTree(new ByteBufInputStream(frame.duplicate().skipBytes(header)));
    require(message.get("records").size() == records.size(), "how many records");
    for (int i = 0; i < records.size(); i++) {
      long offset = message.get("records").get(i).get("offset").longValue();
      require(offset == records.get(i).offset(), "the offset of record " + i);
    }
  }

  private static ByteBuf copyOf(Stretch stretch) {
    Segment segment = stretch.segment();
    if (segment == null) {
      throw new IllegalStateException("there is no frame");
    }
    return Unpooled.directBuffer(stretch.length())
        .writeBytes(segment.bytes(), stretch.index(), stretch.length());
  }

  @TearDown
  public void release() {
    windows.clear(window);
    builder.release();
    frame.release();
    target.release();
  }

  @Benchmark
  public long sluice() {
    for (int i = 0; i < records.size(); i++) {
      builder.add(0, records.get(i), Integer.MAX_VALUE, encoder, window);
    }
    builder.finish(encoder, window);
    return window.last().sequence;
  }

  @Benchmark
  public int copy() {
    target.clear();
    target.writeBytes(frame, frame.readerIndex(), frame.readableBytes());
    return target.writerIndex();
  }
}
