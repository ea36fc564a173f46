package io.sluice.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.checker.Checker;
import io.sluice.checker.History;
import io.sluice.checker.LogDump;
import io.sluice.checker.Verdict;
import io.sluice.testing.Broker;
import io.sluice.testing.Eventually;
import io.sluice.testing.Follower;
import io.sluice.testing.GatewayProcess;
import io.sluice.testing.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Instances share nothing but Kafka: a client takes its positions from one to the other and misses
 * nothing.
 */
class TwoGatewaysIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MOVES = 8;

  @Test
  void clientsMoveToAndFroWithTheirPositionsAndMissNothing() {
    Broker broker = Broker.shared();
    String topic = broker.topics().create("two-gateways", 3);
    List<History> histories = new ArrayList<>();
    try (GatewayProcess first = GatewayProcess.start(broker);
        GatewayProcess second = GatewayProcess.start(broker);
        Writer direct = Writer.direct("direct", broker, topic, 120, 400);
        Writer throughFirst = Writer.through("through-first", first.ws(), topic, 120, 50);
        Writer throughSecond = Writer.through("through-second", second.ws(), topic, 120, 50);
        Follower stays = new Follower("stays", topic);
        Follower moves = new Follower("moves", topic);
        Follower movesToo = new Follower("moves-too", topic)) {
      stays.follow(first.ws(), "\"earliest\"");
      moves.follow(first.ws(), "\"latest\"");
      movesToo.follow(second.ws(), "\"earliest\"");
      for (int i = 1; i <= MOVES; i++) {
        long writtenTo = direct.sent() + 100;
        long readTo = moves.received() + 50;
        Eventually.until(
            () -> direct.sent() >= writtenTo && moves.received() >= readTo,
            PATIENCE,
            () -> "Nothing flows.");
        // Holes in the log that nobody is told of: markers, and every other time aborted records.
        broker
            .topics()
            .produceTransaction(
                topic, i % 3, List.of("tx-" + i + "-a", "tx-" + i + "-b"), i % 2 == 0);
        moves.leave();
        moves.follow(i % 2 == 0 ? first.ws() : second.ws(), "\"latest\"");
        movesToo.current().abort(); // this one leaves without a word
        movesToo.follow(i % 2 == 0 ? second.ws() : first.ws(), "\"earliest\"");
      }
      for (Writer writer : List.of(direct, throughFirst, throughSecond)) {
        writer.finish();
        histories.add(writer.history());
      }
      LogDump dump = broker.topics().dump(topic);
      for (Follower follower : List.of(stays, moves, movesToo)) {
        follower.awaitPositions(dump.reach(), PATIENCE);
        histories.add(follower.history());
      }
      assertThat(moves.connections()).isEqualTo(MOVES + 1);
      Verdict verdict = Checker.check(histories, dump);
      assertThat(verdict.isClean()).as("%s", verdict).isTrue();
      assertThat(verdict.unread()).isZero();
      assertThat(verdict.acked() + 2 * (MOVES / 2))
          .as("acknowledged and committed")
          .isEqualTo(dump.size());
      assertThat(verdict.received()).isGreaterThan(2L * dump.size());
      // Resuming is exact: nothing had to be dropped.
      assertThat(verdict.dropped()).isZero();
    }
  }
}
