package io.sluice.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.websocket.handshake.SubprotocolPolicy.UnknownOnly;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What the wire cases of the opening cannot show: extensions that are agreed to, and secrets that
 * are not printed.
 */
final class HandshakeTest {
  private static final List<Map.Entry<String, String>> HEADERS =
      List.of(
          Map.entry("Host", "gate.example"),
          Map.entry("Upgrade", "websocket"),
          Map.entry("Connection", "Upgrade"),
          Map.entry("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
          Map.entry("Sec-WebSocket-Version", "13"),
          Map.entry("Sec-WebSocket-Protocol", "bearer.secret-marker"),
          Map.entry("Authorization", "Bearer secret-marker"),
          Map.entry("Sec-WebSocket-Extensions", "x-a; b=1, permessage-deflate; c; d=\"2\""));
  private static final UpgradeRequest REQUEST =
      new UpgradeRequest(
          "GET", "/v1/ws?access_token=secret-marker", "HTTP/1.1", RequestHeaders.of(HEADERS));

  private static Handshake with(ExtensionPolicy extensions) {
    return new Handshake(
        OriginPolicy.SAME_HOST,
        new SubprotocolPolicy(List.of("sluice.v1.raw"), UnknownOnly.SELECT_NONE),
        extensions);
  }

  @Test
  void offersReachThePolicyInOrderAndItsAnswerReachesTheResponse() {
    List<ExtensionOffer> seen = new ArrayList<>();
    UpgradeAnswer answer =
        with(
                offers -> {
                  seen.addAll(offers);
                  return "permessage-deflate; c";
                })
            .answer(REQUEST);
    assertThat(seen)
        .containsExactly(
            new ExtensionOffer("x-a", List.of(new ExtensionOffer.Parameter("b", "1"))),
            new ExtensionOffer(
                "permessage-deflate",
                List.of(
                    new ExtensionOffer.Parameter("c", ""),
                    new ExtensionOffer.Parameter("d", "2"))));
    assertThat(answer.responseHeaders())
        .contains(Map.entry("Sec-WebSocket-Extensions", "permessage-deflate; c"));
  }

  @Test
  void noSecretIsPrinted() {
    UpgradeAnswer answer = with(ExtensionPolicy.NONE).answer(REQUEST);
    assertThat(((UpgradeAnswer.Accepted) answer).credentials())
        .containsExactly("bearer.secret-marker");
    assertThat(answer.toString() + REQUEST + answer.responseHeaders())
        .doesNotContain("secret-marker");
  }
}
