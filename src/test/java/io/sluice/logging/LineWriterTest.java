package io.sluice.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of lines while somebody, or nobody, takes them. */
class LineWriterTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int CAPACITY = 4;

  private final Pipe pipe = new Pipe();
  private final LineWriter writer = new LineWriter(pipe, CAPACITY, List::of);

  @AfterEach
  void close() {
    pipe.reader.countDown();
    writer.close(PATIENCE);
  }

  @Test
  void linesComeInOrder() {
    pipe.reader.countDown();
    writer.start();
    for (int i = 0; i < 100; i++) {
      writer.offer(line(i));
      assertThat(writer.flush(PATIENCE)).isTrue();
    }
    assertThat(pipe.lines()).hasSize(100).first().isEqualTo("line 0");
    assertThat(pipe.lines()).last().isEqualTo("line 99");
    assertThat(writer.dropped()).isZero();
  }

  @Test
  void whileNobodyReadsNobodyWaitsAndWhatIsLostIsCounted() throws InterruptedException {
    writer.start();
    writer.offer(line(0));
    assertThat(pipe.writing.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    long began = System.nanoTime();
    for (int i = 1; i <= 1_000; i++) {
      writer.offer(line(i));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
    assertThat(writer.dropped()).isEqualTo(1_000 - CAPACITY);
    assertThat(writer.flush(Duration.ofMillis(20))).isFalse();

    pipe.reader.countDown();
    assertThat(writer.flush(PATIENCE)).isTrue();
    assertThat(pipe.lines()).containsExactly("line 0", "line 1", "line 2", "line 3", "line 4");
  }

  @Test
  void whatIsOwedFollowsTheNextLine() {
    pipe.reader.countDown();
    LineWriter owing = new LineWriter(pipe, CAPACITY, () -> List.of("owed\n".getBytes(UTF_8)));
    owing.start();
    owing.offer(line(0));
    assertThat(owing.flush(PATIENCE)).isTrue();
    assertThat(pipe.lines()).startsWith("line 0", "owed");
    owing.close(PATIENCE);
  }

  @Test
  void aReaderThatIsGoneCostsLinesAndNothingElse() {
    pipe.reader.countDown();
    pipe.broken = true;
    writer.start();
    for (int i = 0; i < 3; i++) {
      writer.offer(line(i));
      assertThat(writer.flush(PATIENCE)).isTrue();
    }
    assertThat(writer.dropped()).isGreaterThanOrEqualTo(3);
    pipe.broken = false;
    writer.offer(line(3));
    assertThat(writer.flush(PATIENCE)).isTrue();
    assertThat(pipe.lines()).containsExactly("line 3");
  }

  private static byte[] line(int number) {
    return ("line " + number + "\n").getBytes(UTF_8);
  }

  /** Takes nothing before {@link #reader} is there. */
  private static final class Pipe extends OutputStream {
    final CountDownLatch reader = new CountDownLatch(1);
    final CountDownLatch writing = new CountDownLatch(1);
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    volatile boolean broken;

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      writing.countDown();
      try {
        reader.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      if (broken) {
        throw new IOException("Broken pipe");
      }
      synchronized (taken) {
        taken.write(bytes, from, length);
      }
    }

    List<String> lines() {
      synchronized (taken) {
        return taken.toString(UTF_8).lines().toList();
      }
    }
  }
}
