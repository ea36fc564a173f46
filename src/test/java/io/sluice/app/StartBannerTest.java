package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a start says for people. */
class StartBannerTest {
  @Test
  void itSaysWhereEverythingIs() {
    assertThat(banner("http://localhost:8080", true, List.of("/v1/echo")).lines())
        .containsExactly(
            "Sluice 1.2.3, Java 25",
            "  page     http://localhost:8080",
            "  clients  ws://localhost:8080/v1/ws",
            "  Kafka    kafka:9092, which answers",
            "  on       /v1/echo",
            "  limits   heap 512 MiB; 1024 open files",
            "Sluice is ready after 640 ms: http://localhost:8080 reads Kafka at kafka:9092.");
  }

  @Test
  void withTlsClientsConnectWithTls() {
    assertThat(banner("https://gateway.example:8443", true, List.of()).lines())
        .contains("  clients  wss://gateway.example:8443/v1/ws");
  }

  @Test
  void whatIsNotKnownIsNotClaimed() {
    assertThat(banner("http://localhost:8080", null, List.of()).lines())
        .contains("  Kafka    kafka:9092, which has not answered yet")
        .noneMatch(line -> line.startsWith("  on "));
    assertThat(banner("http://localhost:8080", false, List.of()).lines())
        .contains("  Kafka    kafka:9092, which does not answer");
  }

  private static StartBanner banner(String page, @Nullable Boolean answered, List<String> enabled) {
    return new StartBanner(
        "1.2.3",
        "25",
        URI.create(page),
        "kafka:9092",
        answered,
        enabled,
        List.of("heap 512 MiB", "1024 open files"),
        640);
  }
}
