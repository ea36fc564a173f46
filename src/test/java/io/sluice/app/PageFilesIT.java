package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.Broker;
import io.sluice.testing.Gateway;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files of the page and of the JavaScript client, as a browser asks for them. */
class PageFilesIT {
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    gateway = Gateway.start(Broker.shared());
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html",
    "/sluice.js, javascript",
    "/sluice.d.ts, text/plain",
    "/dashboard.js, javascript",
    "/page/tail.js, javascript",
    "/style.css, text/css",
    "/favicon.svg, image/svg+xml"
  })
  void fileHasItsTypeAndIsAskedForAgain(String path, String type) throws Exception {
    HttpResponse<String> response = ask(path, null);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "Content-Type")).contains(type);
    assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(response, "Cache-Control")).isEqualTo("no-cache");
    assertThat(response.body()).isNotEmpty();
  }

  @Test
  void fileThatABrowserHasIsNotSentAgain() throws Exception {
    String tag = header(ask("/sluice.js", null), "ETag");
    assertThat(tag).matches("\"[0-9a-f]+-[0-9]+\"");
    HttpResponse<String> again = ask("/sluice.js", tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(header(again, "ETag")).isEqualTo(tag);
    assertThat(ask("/sluice.js", "\"of-another-build\"").statusCode()).isEqualTo(200);
  }

  @Test
  void whatIsNoFileHasNoTag() throws Exception {
    assertThat(ask("/health/liveness", null).headers().firstValue("ETag")).isEmpty();
    assertThat(ask("/no-such-file.js", null).statusCode()).isEqualTo(404);
  }

  private static HttpResponse<String> ask(String path, @Nullable String tag) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.ws().getPort() + path));
    if (tag != null) {
      request.header("If-None-Match", tag);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
