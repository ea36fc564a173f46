package io.sluice.testing;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code /prometheus} says at one moment. */
public record Scrape(String text) {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)(?:\\{.*})? \\S+$");

  /** Of a gateway that nobody uses and whose broker is not there. */
  public static Scrape ofIdleGateway() {
    try (ApplicationContext context =
        ApplicationContext.run(Map.of("kafka.bootstrap.servers", "127.0.0.1:1"))) {
      return new Scrape(context.getBean(PrometheusMeterRegistry.class).scrape());
    }
  }

  /** Of the gateway whose protocol is at {@code ws}. */
  public static Scrape of(URI ws) {
    URI uri = URI.create("http://" + ws.getAuthority() + "/prometheus");
    try (HttpClient http = HttpClient.newHttpClient()) {
      return new Scrape(
          http.send(
                  HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body());
    } catch (IOException e) {
      throw new AssertionError("No answer from " + uri, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("The test was interrupted.", e);
    }
  }

  /** The value of a sample, given with its labels as it is written. */
  public double value(String sample) {
    Matcher line = Pattern.compile("(?m)^" + Pattern.quote(sample) + " (\\S+)$").matcher(text);
    if (!line.find()) {
      throw new AssertionError(sample + " is not in " + text);
    }
    return Double.parseDouble(line.group(1));
  }

  /** The names of all samples, without their labels. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>();
    SAMPLE.matcher(text).results().forEach(each -> names.add(each.group(1)));
    return names;
  }
}
