package io.sluice.testing;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.log.Partition;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON as a foreign client reads it: strictly, and with another parser than the gateway's own
 * rules.
 */
public final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private Json() {}

  /** Reads one message; one that is not JSON fails the test. */
  public static JsonNode read(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("The gateway sent what is not JSON: " + text, e);
    }
  }

  /** An object of this type of message, to be filled. */
  public static ObjectNode message(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  /** {@code {topic:{partition:offset}}} as positions. */
  public static Map<Partition, Long> positions(JsonNode topics) {
    Map<Partition, Long> positions = new TreeMap<>();
    for (Map.Entry<String, JsonNode> topic : topics.properties()) {
      for (Map.Entry<String, JsonNode> entry : topic.getValue().properties()) {
        positions.put(
            new Partition(topic.getKey(), Integer.parseInt(entry.getKey())),
            entry.getValue().longValue());
      }
    }
    return positions;
  }

  /** Positions as {@code {topic:{partition:offset}}}. */
  public static ObjectNode positions(Map<Partition, Long> positions) {
    ObjectNode topics = JsonNodeFactory.instance.objectNode();
    positions.forEach((partition, offset) ->
        topics
            .withObjectProperty(partition.topic())
            .put(Integer.toString(partition.number()), offset.longValue()));
    return topics;
  }
}
