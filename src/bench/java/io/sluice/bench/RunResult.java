package io.sluice.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What one run of one subject came to.
 *
 * @param scenario which scenario it was
 * @param subject what was measured
 * @param run which of its runs, from 1 on
 * @param numbers measures by their names (docs/benchmarks.md)
 * @param fault why the numbers are worth nothing; empty where they are good
 */
record RunResult(
    String scenario, String subject, int run, Map<String, Double> numbers, String fault) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  RunResult {
    numbers = new TreeMap<>(numbers);
  }

  boolean isGood() {
    return fault.isEmpty();
  }

  OptionalDouble number(String name) {
    Double number = numbers.get(name);
    return number == null ? OptionalDouble.empty() : OptionalDouble.of(number);
  }

  /** One line of JSON. */
  String toJson() {
    ObjectNode line =
        MAPPER.createObjectNode().put("scenario", scenario).put("subject", subject).put("run", run);
    numbers.forEach((name, number) -> line.put(name, rounded(number)));
    if (!isGood()) {
      line.put("fault", fault);
    }
    return line.toString();
  }

  /** To five digits: more than any of these measures holds. */
  static double rounded(double number) {
    return Double.isFinite(number) && number != 0
        ? new BigDecimal(number).round(new MathContext(5)).doubleValue()
        : number;
  }
}
