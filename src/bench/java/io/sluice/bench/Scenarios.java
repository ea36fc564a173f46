package io.sluice.bench;

import io.sluice.bench.Paced.Trouble;
import java.util.List;

/** All scenarios, by the names of issue 4's workloads. */
final class Scenarios {
  private static final Subject SLUICE = new Subject.Sluice();
  private static final Subject CBOR = new Subject.Sluice("sluice-cbor", 1, Subprotocol.CBOR, "");
  private static final Subject RATE5 =
      new Subject.Sluice("sluice-rate5", 1, Subprotocol.JSON, "\"maxRate\":5");
  private static final Subject TWO = new Subject.Sluice("sluicex2", 2, Subprotocol.JSON, "");
  private static final Subject THREE = new Subject.Sluice("sluicex3", 3, Subprotocol.JSON, "");
  private static final Subject STOCK = new Subject.Stock("stock");
  private static final Subject TUNED = new Subject.Stock("tuned");
  private static final Subject NODE = new Subject.Node();
  private static final Subject BARE = new Subject.Bare();
  private static final List<Subject> GATEWAYS = List.of(SLUICE, STOCK, TUNED, NODE);
  private static final List<Subject> PACED =
      List.of(SLUICE, STOCK, TUNED, NODE, raw(1, 1), raw(1, 2));
  private static final List<Subject> PUBLISHERS = List.of(SLUICE, STOCK, NODE, BARE);

  /** So many records last the fastest for a run of usual length. */
  private static final int BACKLOG = 400_000;

  private Scenarios() {}

  private static Subject raw(int perWrite, int threads) {
    return new Subject.Raw(perWrite, threads);
  }

  /** In the order in which they run. */
  static List<Scenario> all() {
    return List.of(
        backlog(
            "W1",
            "1,000 subscribers take the same backlog of 200 B records at once",
            List.of(
                SLUICE,
                CBOR,
                STOCK,
                TUNED,
                NODE,
                raw(1, 1),
                raw(8, 1),
                raw(64, 1),
                raw(64, 2),
                raw(200, 1),
                raw(200, 2))),
        paced(
            "W1S",
            "1,000 subscribers, 250 records/s of 200 B: nearly all that one record a write can do",
            1_000,
            250,
            200,
            List.of(SLUICE, TUNED, raw(1, 1), raw(1, 2))),
        troubled(
            "W1L",
            "1,000 subscribers, 400 records/s of 200 B: overload for stock gateways",
            400,
            200,
            Trouble.OVERLOAD,
            GATEWAYS),
        troubled(
            "W1X",
            "1,000 subscribers, 5,000 records/s of 1 KiB: overload for everybody; who falls out skips",
            5_000,
            1024,
            Trouble.OVERLOAD_SKIPPED,
            List.of(SLUICE)),
        troubled(
            "W1R",
            "1,000 subscribers, 5,000 records/s of 1 KiB: overload for everybody; who falls out reads on from Kafka",
            5_000,
            1024,
            Trouble.OVERLOAD,
            List.of(SLUICE)),
        paced("W2", "10,000 subscribers, 2 records/s of 200 B", 10_000, 2, 200, PACED),
        paced(
            "W2b",
            "1,000 subscribers, 50 records/s of 200 B",
            1_000,
            50,
            200,
            List.of(SLUICE, CBOR, STOCK, TUNED, NODE, raw(1, 1), raw(1, 2))),
        paced("W2c", "1,000 subscribers, 150 records/s of 200 B", 1_000, 150, 200, PACED),
        keyed("W3", 10_000, 1, List.of(SLUICE)),
        keyed("W3b", 19_000, 1, List.of(SLUICE)),
        keyed("W3c", 10_000, 4, List.of(SLUICE)),
        keyed("W3d", 19_000, 4, List.of(SLUICE)),
        paced("W4", "2,000 subscribers, 4 records/s of 1 KiB", 2_000, 4, 1024, PACED),
        new Publishing(
            "W5", "100 clients publish 200 B, 1 in flight each", 100, 1, 200, PUBLISHERS),
        new Publishing(
            "W5b", "100 clients publish 200 B, 32 in flight each", 100, 32, 200, PUBLISHERS),
        new Idle("W6", "19,000 subscribers who hear nothing", 19_000, false, GATEWAYS),
        new Idle(
            "W6k",
            "19,000 subscribers of a key of their own each who hear nothing",
            19_000,
            true,
            List.of(SLUICE)),
        troubled(
            "W7a",
            "1,000 subscribers, 50 records/s of 4 KiB, all reading",
            50,
            4096,
            Trouble.NONE,
            List.of(SLUICE, STOCK)),
        troubled(
            "W7",
            "1,000 subscribers, 50 records/s of 4 KiB, 50 of them not reading",
            50,
            4096,
            Trouble.STALLED,
            List.of(SLUICE, STOCK)),
        watched(
            "W8a",
            "1,000 subscribers take the same backlog of 200 B records while 100 others live",
            false),
        watched("W8", "as W8a, each of the 1,000 from a position of its own", true),
        new Paced(
            "W9r",
            "1,000 subscribers of a key of their own each, 20,000 records/s of 200 B in all",
            1_000,
            20_000,
            200,
            1_000,
            Trouble.NONE,
            List.of(SLUICE, RATE5)),
        keyed("W10", 10_000, 1, List.of(SLUICE, TWO, THREE)));
  }

  private static Backlog backlog(String id, String title, List<Subject> subjects) {
    return new Backlog(id, title, 1_000, 200, BACKLOG, false, false, subjects);
  }

  private static Backlog watched(String id, String title, boolean spread) {
    return new Backlog(id, title, 1_000, 200, BACKLOG, spread, true, List.of(SLUICE));
  }

  private static Paced paced(
      String id, String title, int sockets, double rate, int valueBytes, List<Subject> subjects) {
    return new Paced(id, title, sockets, rate, valueBytes, 1, Trouble.NONE, subjects);
  }

  private static Paced troubled(
      String id,
      String title,
      double rate,
      int valueBytes,
      Trouble trouble,
      List<Subject> subjects) {
    return new Paced(id, title, 1_000, rate, valueBytes, 1, trouble, subjects);
  }

  /** Kafkorama's shape: equally many subscribers for each of 1,000 keys. */
  private static Paced keyed(String id, int sockets, int perKey, List<Subject> subjects) {
    return new Paced(
        id,
        "%,d subscribers of one of 1,000 keys each, %d record%s/s of 512 B per key"
            .formatted(sockets, perKey, perKey == 1 ? "" : "s"),
        sockets,
        1_000.0 * perKey,
        512,
        1_000,
        Trouble.NONE,
        subjects);
  }
}
