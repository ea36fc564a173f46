package io.sluice.testing;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** CBOR as a foreign client reads and writes it: Jackson's, in the tree that JSON has too. */
public final class Cbor {
  private static final CBORMapper MAPPER =
      CBORMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final ObjectMapper JSON = new ObjectMapper();

  private Cbor() {}

  /**
   * Reads one message; one that is not CBOR fails the test. Byte strings are binary nodes; integers
   * that are names become their digits.
   */
  public static JsonNode read(byte[] message) {
    try {
      return MAPPER.readTree(message);
    } catch (IOException e) {
      throw new AssertionError("The gateway sent what is not CBOR.", e);
    }
  }

  /** The bytes of a byte string; any other node fails the test. */
  public static byte[] content(JsonNode node) {
    if (!(node instanceof BinaryNode bytes)) {
      throw new AssertionError("Not a byte string: " + node);
    }
    return bytes.binaryValue();
  }

  /** The bytes of a byte string, as UTF-8. */
  public static String text(JsonNode node) {
    return new String(content(node), StandardCharsets.UTF_8);
  }

  /** Writes what a JSON text says, its decimals as floating-point numbers. */
  public static byte[] fromJson(String json) {
    try {
      return bytes(JSON.readTree(json));
    } catch (IOException e) {
      throw new AssertionError("The test has what is not JSON: " + json, e);
    }
  }

  /** Writes a tree; maps and arrays of it may have indefinite lengths. */
  public static byte[] bytes(JsonNode tree) {
    try {
      return MAPPER.writeValueAsBytes(tree);
    } catch (IOException e) {
      throw new AssertionError("Not to be had in CBOR: " + tree, e);
    }
  }
}
