package io.sluice.bench;

import java.util.List;

/** All scenarios, by the names of issue 4's workloads. */
final class Scenarios {
  private static final Subject SLUICE = new Subject.Sluice();
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
        new Backlog(
            "W1",
            "1,000 subscribers take the same backlog of 200 B records at once",
            1_000,
            200,
            BACKLOG,
            false,
            List.of(SLUICE, STOCK, TUNED, NODE, raw(1, 1), raw(8, 1), raw(64, 1), raw(200, 1))),
        paced(
            "W1L",
            "1,000 subscribers, 400 records/s of 200 B: overload",
            1_000,
            400,
            200,
            GATEWAYS),
        paced("W2", "10,000 subscribers, 2 records/s of 200 B", 10_000, 2, 200, PACED),
        paced("W2b", "1,000 subscribers, 50 records/s of 200 B", 1_000, 50, 200, PACED),
        paced("W2c", "1,000 subscribers, 150 records/s of 200 B", 1_000, 150, 200, PACED),
        new Paced(
            "W3",
            "10,000 subscribers of one of 1,000 keys each, 1 record/s of 512 B per key",
            10_000,
            1_000,
            512,
            1_000,
            0,
            List.of(SLUICE)),
        paced("W4", "2,000 subscribers, 4 records/s of 1 KiB", 2_000, 4, 1024, PACED),
        new Publishing(
            "W5", "100 clients publish 200 B, 1 in flight each", 100, 1, 200, PUBLISHERS),
        new Publishing(
            "W5b", "100 clients publish 200 B, 32 in flight each", 100, 32, 200, PUBLISHERS),
        new Idle("W6", "19,000 subscribers who hear nothing", 19_000, GATEWAYS),
        paced(
            "W7a",
            "1,000 subscribers, 50 records/s of 4 KiB, all reading",
            1_000,
            50,
            4096,
            List.of(SLUICE, STOCK)),
        new Paced(
            "W7",
            "1,000 subscribers, 50 records/s of 4 KiB, 50 of them not reading",
            1_000,
            50,
            4096,
            1,
            20,
            List.of(SLUICE, STOCK)),
        new Backlog(
            "W8",
            "1,000 subscribers take a backlog of 200 B records, each from a position of its own",
            1_000,
            200,
            BACKLOG,
            true,
            List.of(SLUICE)));
  }

  private static Paced paced(
      String id, String title, int sockets, double rate, int valueBytes, List<Subject> subjects) {
    return new Paced(id, title, sockets, rate, valueBytes, 1, 0, subjects);
  }
}
