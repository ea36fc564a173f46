package io.sluice.docs;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.testing.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A conversation as it stands in {@code docs/protocol.md}, in a block that is called {@code
 * transcript}:
 *
 * <pre>
 * # topic orders 2                      a topic with so many partitions is made
 * # record orders 0 42 {"total":12.5}   a record (topic, partition, key, value) that another program writes
 * &gt; {"type":"subscribe",…}              what the client says
 * &lt; {"type":"subscribed",…}             what the gateway answers; "…" stands for anything
 * </pre>
 *
 * @param line where it begins in the file
 */
record Transcript(int line, List<Step> steps) {
  /** One line of it. */
  sealed interface Step {}

  /** A topic is made. */
  record MakeTopic(String name, int partitions) implements Step {}

  /** Another program writes a record. */
  record WriteRecord(String topic, int partition, String key, String value) implements Step {}

  /** The client says something. */
  record Sent(JsonNode message) implements Step {}

  /** The gateway says something. */
  record Received(JsonNode message) implements Step {}

  /** All of a document. */
  static List<Transcript> in(Path document) {
    List<String> lines;
    try {
      lines = Files.readAllLines(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Transcript> found = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).equals("```transcript")) {
        List<Step> steps = new ArrayList<>();
        int start = i + 1;
        for (i++; !lines.get(i).equals("```"); i++) {
          steps.add(step(lines.get(i)));
        }
        found.add(new Transcript(start, List.copyOf(steps)));
      }
    }
    return found;
  }

  private static Step step(String line) {
    String rest = line.substring(2);
    return switch (line.substring(0, 2)) {
      case "> " -> new Sent(Json.read(rest));
      case "< " -> new Received(Json.read(rest));
      case "# " -> preparation(rest);
      default -> throw new IllegalArgumentException("No step of a transcript: " + line);
    };
  }

  private static Step preparation(String words) {
    String[] word = words.split(" ", 5);
    return switch (word[0]) {
      case "topic" -> new MakeTopic(word[1], Integer.parseInt(word[2]));
      case "record" -> new WriteRecord(word[1], Integer.parseInt(word[2]), word[3], word[4]);
      default -> throw new IllegalArgumentException("No preparation: " + words);
    };
  }

  @Override
  public String toString() {
    return "line " + line;
  }
}
