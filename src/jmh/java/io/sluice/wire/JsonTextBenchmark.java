package io.sluice.wire;

import static io.sluice.jmh.Samples.require;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.sluice.jmh.Samples;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One op decides whether one value is JSON (ns/op). Beside it Jackson's parser, which walks over
 * the same bytes and makes nothing of them.
 */
@State(Scope.Thread)
public class JsonTextBenchmark {
  /** The value. */
  @Param({"64", "1024", "65536"})
  public int bytes;

  /** What it is: an array of small objects, or one string that is not all ASCII. */
  @Param({"objects", "string"})
  public String content = "";

  private final JsonFactory jackson = new JsonFactory();
  private byte[] value = {};

  @Setup
  public void agree() throws IOException {
    value = content.equals("objects") ? Samples.objects(bytes) : Samples.string(bytes);
    require(sluice() && jackson() > 0, "JSON");
    value[bytes - 1] = 'x';
    require(!sluice() && !isAcceptedByJackson(), "a value without its end");
    value[bytes - 1] = (byte) (content.equals("objects") ? ']' : '"');
    require(sluice() && jackson() > 0, "JSON again");
  }

  @Benchmark
  public boolean sluice() {
    return JsonText.isJson(value, 0, bytes);
  }

  @Benchmark
  public int jackson() throws IOException {
    int tokens = 0;
    try (JsonParser parser = jackson.createParser(value, 0, bytes)) {
      while (parser.nextToken() != null) {
        tokens++;
      }
    }
    return tokens;
  }

  private boolean isAcceptedByJackson() {
    try {
      return jackson() > 0;
    } catch (IOException e) {
      return false;
    }
  }
}
