package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.checker.Verdict;
import io.sluice.testing.Balancer;
import io.sluice.testing.Broker;
import io.sluice.testing.Gateway;
import io.sluice.testing.GatewayProcess;
import io.sluice.testing.Prerequisite;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * R10 behind {@code deploy/nginx/nginx.conf}, which asks nobody for readiness: the refusals of the
 * gateway that drains send clients to the other one.
 */
class BehindNginxIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int READERS = 8;

  /** What a gateway takes must not be too large for what stands before it. */
  @Test
  void aLargeRecordAndALongResumePointGetThrough() throws Exception {
    Prerequisite.require(Balancer.Kind.NGINX.isInstalled(), "nginx is not installed");
    Broker broker = Broker.shared();
    String topic = broker.topics().create("large", 1);
    try (Gateway gateway = Gateway.start(broker);
        Balancer nginx = Balancer.start(Balancer.Kind.NGINX, List.of(gateway.ws(), gateway.ws()));
        HttpClient http = HttpClient.newHttpClient()) {
      URI channel =
          URI.create("http://127.0.0.1:" + nginx.ws().getPort() + "/v1/channels/" + topic);
      HttpRequest publish =
          HttpRequest.newBuilder(channel)
              .header("Content-Type", "application/json")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"value\":\"" + "eHh4".repeat(340_000) + "\",\"valueType\":\"base64\"}"))
              .build();
      HttpResponse<String> stored = http.send(publish, HttpResponse.BodyHandlers.ofString());
      assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);

      HttpRequest resume =
          HttpRequest.newBuilder(URI.create(channel + "?last-event-id=" + "x".repeat(8_500)))
              .header("Accept", "text/event-stream")
              .build();
      HttpResponse<String> answer = http.send(resume, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.headers().firstValue("Content-Type"))
          .as("the gateway's own answer, not nginx's: %s", answer.body())
          .hasValue("application/problem+json");
    }
  }

  @Test
  void nothingIsLostWhenOneOfTwoIsDrained() {
    Prerequisite.require(Balancer.Kind.NGINX.isInstalled(), "nginx is not installed");
    Broker broker = Broker.shared();
    try (GatewayProcess leaving = GatewayProcess.start(broker);
        GatewayProcess staying = GatewayProcess.start(broker);
        Balancer nginx = Balancer.start(Balancer.Kind.NGINX, List.of(leaving.ws(), staying.ws()));
        BalancedLoad load = BalancedLoad.begin("nginx", broker, nginx.ws(), READERS)) {
      load.mark();
      leaving.terminate();
      assertThat(leaving.awaitExit(PATIENCE)).as("128 + SIGTERM").isEqualTo(143);
      load.awaitFlow();
      load.assertNobodyWaited("Drained behind nginx");
      assertThat(load.returns()).as("who was there, came back once").isBetween(1, READERS - 1);
      assertThat(load.unknownOutcomes()).isZero();

      Verdict verdict = load.finish();
      System.out.println("Behind nginx: " + verdict);
      assertThat(verdict.isClean()).as("%s", verdict).isTrue();
      assertThat(verdict.unread()).isZero();
    }
  }
}
