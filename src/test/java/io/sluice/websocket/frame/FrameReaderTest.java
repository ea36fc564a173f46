package io.sluice.websocket.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.websocket.frame.FrameReader.Step;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The header table of RELIABILITY F1, and that a header costs no allocation. */
final class FrameReaderTest {
  @ParameterizedTest
  @CsvSource({
    "0, 2",
    "1, 2",
    "125, 2",
    "126, 4",
    "127, 4",
    "65535, 4",
    "65536, 10",
    "2147483647, 10"
  })
  void writerAndReaderAgreeAboutLengths(int length, int headerBytes) {
    ByteBuf header = Unpooled.buffer();
    FrameWriter.writeHeader(header, Opcode.BINARY, length);
    assertThat(header.readableBytes())
        .isEqualTo(headerBytes)
        .isEqualTo(FrameWriter.headerBytes(length));
    FrameReader reader = new FrameReader(Role.CLIENT, 0, Long.MAX_VALUE);
    assertThat(reader.next(header)).isEqualTo(Step.OPENED);
    assertThat(reader.next(header)).isEqualTo(Step.HEADER);
    assertThat(reader.payloadBytes()).isEqualTo(length);
    assertThat(reader.opcode()).isEqualTo(Opcode.BINARY);
    assertThat(reader.isFinal()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 31, 1L << 32, Long.MAX_VALUE})
  void lengthsOverAnIntAreUnderstoodWhereTheLimitAllows(long length) {
    FrameReader reader = new FrameReader(Role.CLIENT, 0, Long.MAX_VALUE);
    ByteBuf header = Unpooled.buffer().writeShort(0x827F).writeLong(length);
    assertThat(reader.next(header)).isEqualTo(Step.OPENED);
    assertThat(reader.next(header)).isEqualTo(Step.HEADER);
    assertThat(reader.payloadBytes()).isEqualTo(length);
    assertThat(reader.next(header)).isEqualTo(Step.MORE);
  }

  @ParameterizedTest
  @CsvSource({
    "8000000000000000, 1002", "ffffffffffffffff, 1002", "7fffffffffffffff, 1009",
    "0000000100000000, 1009", "0000000080000000, 1009", "000000007fffffff, 1009",
    "0000000000010001, 1009", "000000000000ffff, 1002", "0000000000000000, 1002",
    "000000000000007d, 1002", "0000000000000080, 1002"
  })
  void sixtyFourBitLengthsAreRefusedBeforeThePayload(String length, int closeCode) {
    FrameReader reader = new FrameReader(Role.SERVER, 0, 65_536);
    ByteBuf header =
        Unpooled.buffer().writeShort(0x82FF).writeLong(Long.parseUnsignedLong(length, 16));
    assertThat(reader.next(header)).isEqualTo(Step.OPENED);
    assertThat(reader.next(header)).isEqualTo(Step.VIOLATION);
    assertThat(reader.violation().closeCode()).isEqualTo(closeCode);
  }

  @Test
  void theSentenceNamesTheLimit() {
    FrameReader reader = new FrameReader(Role.SERVER, 0, 100);
    ByteBuf header = Unpooled.buffer().writeShort(0x82E5);
    reader.next(header);
    reader.next(header);
    assertThat(reader.violation().sentence()).isEqualTo("A message may have at most 100 bytes.");
  }

  @Test
  void aViolationBeforeAnyIsOurMistake() {
    FrameReader reader = new FrameReader(Role.SERVER, 0, 100);
    assertThatIllegalStateException().isThrownBy(reader::violation);
  }

  @Test
  void framesAreReadWithoutAllocation() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ByteBuf frames = Unpooled.buffer();
    int count = 20_000;
    for (int i = 0; i < count; i++) {
      FrameWriter.writeMaskedHeader(frames, Opcode.BINARY, true, 0, 200, i);
      frames.writeZero(200);
    }
    FrameReader reader = new FrameReader(Role.SERVER, 0, 65_536);
    read(reader, frames);
    frames.readerIndex(0);
    long before = threads.getCurrentThreadAllocatedBytes();
    read(reader, frames);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).as("bytes for %d frames", count).isLessThan(count);
  }

  private static void read(FrameReader reader, ByteBuf frames) {
    Step step = reader.next(frames);
    while (step != Step.MORE) {
      if (step == Step.VIOLATION) {
        throw new AssertionError(reader.violation().sentence());
      }
      step = reader.next(frames);
    }
  }
}
