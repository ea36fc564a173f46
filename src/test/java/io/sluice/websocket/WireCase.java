package io.sluice.websocket;

import io.sluice.websocket.frame.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One case of a {@code .wire} file; the format is told in {@code
 * src/test/resources/wire/README.md}.
 *
 * @param source file and line, for the test report
 * @param closeFirst our close before any input, as code and reason; null for none
 * @param streamEnds whether the peer's bytes end behind {@code in}
 * @param events what the engine tells, in order, as {@link Recorder} writes it
 */
public record WireCase(
    String rule,
    URI source,
    Role role,
    int limit,
    @Nullable String closeFirst,
    byte[] in,
    boolean streamEnds,
    List<String> events) {

  /** All cases of a topic. */
  public static List<WireCase> ofTopic(String topic) {
    return files(topic).stream().flatMap(file -> parse(file).stream()).toList();
  }

  /** The files of a topic, sorted by name. */
  static List<Path> files(String topic) {
    URL folder = WireCase.class.getResource("/wire/" + topic);
    if (folder == null) {
      throw new IllegalArgumentException("there is no topic " + topic);
    }
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files.filter(file -> file.toString().endsWith(".wire")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static List<WireCase> parse(Path file) {
    try {
      List<WireCase> cases = new ArrayList<>();
      @Nullable Builder builder = null;
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i).strip();
        if (line.isEmpty() || line.startsWith("#")) {
          continue;
        }
        if (line.startsWith("rule:")) {
          if (builder != null) {
            cases.add(builder.build());
          }
          builder =
              new Builder(line.substring(5).strip(), URI.create(file.toUri() + "?line=" + (i + 1)));
        } else if (builder == null) {
          throw new IllegalArgumentException(file + ": a case begins with rule:");
        } else {
          builder.line(line);
        }
      }
      if (builder != null) {
        cases.add(builder.build());
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Builder {
    private final String rule;
    private final URI source;
    private final ByteArrayOutputStream in = new ByteArrayOutputStream();
    private final List<String> events = new ArrayList<>();
    private Role role = Role.SERVER;
    private int limit = 65_536;
    private @Nullable String closeFirst;
    private boolean streamEnds;

    Builder(String rule, URI source) {
      this.rule = rule;
      this.source = source;
    }

    void line(String line) {
      int colon = line.indexOf(':');
      String name = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1).strip();
      switch (name) {
        case "role" -> role = Role.valueOf(value);
        case "limit" -> limit = Integer.parseInt(value);
        case "we close" -> closeFirst = value;
        case "in" -> in.writeBytes(WireBytes.parse(value));
        case "eof" -> streamEnds = true;
        case "text", "binary", "ping", "pong", "out" ->
            events.add(name + " " + HexFormat.of().formatHex(WireBytes.parse(value)));
        case "closed", "failed", "lost" -> events.add((name + " " + value).strip());
        default -> throw new IllegalArgumentException(source + ": unknown line " + line);
      }
    }

    WireCase build() {
      return new WireCase(
          rule, source, role, limit, closeFirst, in.toByteArray(), streamEnds, List.copyOf(events));
    }
  }
}
