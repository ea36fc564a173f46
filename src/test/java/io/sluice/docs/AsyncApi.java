package io.sluice.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** {@code docs/asyncapi.yaml}: the forms of all messages, to hold real messages against. */
final class AsyncApi {
  private static final Path FILE = Path.of("docs", "asyncapi.yaml");
  private static final String SPECIFICATION = "/asyncapi/asyncapi-3.0.0.schema.json";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7);

  private final JsonNode document;
  private final Map<String, JsonSchema> byType = new TreeMap<>();

  private AsyncApi(JsonNode document) {
    this.document = document;
    JsonNode schemas = document.at("/components/schemas");
    schemas
        .properties()
        .forEach(schema -> {
          String type = schema.getValue().at("/properties/type/const").asText();
          if (!type.isEmpty()) {
            byType.put(type, SCHEMAS.getSchema(standalone(schema.getKey())));
          }
        });
  }

  static AsyncApi read() {
    try {
      Object yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(FILE));
      return new AsyncApi(JSON.valueToTree(yaml));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A schema that stands alone: the others beside it, where its references look for them. */
  private JsonNode standalone(String name) {
    ObjectNode root = JSON.createObjectNode().put("$ref", "#/components/schemas/" + name);
    root.putObject("components").set("schemas", document.at("/components/schemas"));
    return root;
  }

  /** What the specification of AsyncAPI 3.0.0 has against the document. */
  List<String> violations() {
    try (var specification = AsyncApi.class.getResourceAsStream(SPECIFICATION)) {
      JsonSchema schema = SCHEMAS.getSchema(JSON.readTree(specification));
      return sentences(schema.validate(document));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The values of {@code type} that have a form here. */
  Set<String> types() {
    return byType.keySet();
  }

  /** The types of the messages of an operation, such as {@code command}. */
  Set<String> typesOf(String operation) {
    Set<String> types = new TreeSet<>();
    document
        .at("/operations/" + operation + "/messages")
        .forEach(message -> {
          String reference = message.path("$ref").asText();
          types.add(reference.substring(reference.lastIndexOf('/') + 1));
        });
    return types;
  }

  /**
   * What the form of its type has against {@code message}, fields that it does not name included.
   */
  List<String> complaints(JsonNode message) {
    String type = message.path("type").asText();
    JsonSchema schema = byType.get(type);
    if (schema == null) {
      return List.of("docs/asyncapi.yaml has no message of type " + type + ".");
    }
    List<String> complaints = new ArrayList<>(sentences(schema.validate(message)));
    JsonNode known = document.at("/components/schemas/" + schemaName(type) + "/properties");
    message
        .fieldNames()
        .forEachRemaining(name -> {
          if (!known.has(name)) {
            complaints.add("The field " + name + " of " + type + " is not in docs/asyncapi.yaml.");
          }
        });
    return complaints;
  }

  private static String schemaName(String type) {
    return Character.toUpperCase(type.charAt(0)) + type.substring(1);
  }

  private static List<String> sentences(Set<ValidationMessage> messages) {
    return messages.stream().map(ValidationMessage::toString).sorted().toList();
  }
}
