package io.sluice.logging;

/**
 * The keys of log lines, all there are: {@code docs/operations.md} lists them with the same
 * sentences. What a client said stands under a key, never in the sentence of a line.
 */
public final class LogKeys {
  // Of every line, as JSON.

  /** When it was said, UTC (ISO 8601). */
  public static final String TIMESTAMP = "timestamp";

  /** `ERROR`, `WARN`, `INFO` or `DEBUG`. */
  public static final String LEVEL = "level";

  /** The class that said it. */
  public static final String LOGGER = "logger";

  /** The thread that said it. */
  public static final String THREAD = "thread";

  /** The sentence. */
  public static final String MESSAGE = "message";

  /** The exception, where there is one: its class, its message, where it was thrown, its causes. */
  public static final String ERROR = "error";

  // Of some.

  /** The connection, as `welcome` calls it. */
  public static final String CONNECTION = "connection";

  /** The number that clients know as `subscription`. */
  public static final String SUBSCRIPTION = "subscription";

  /** The topic. */
  public static final String TOPIC = "topic";

  /** The number of the partition. */
  public static final String PARTITION = "partition";

  /** The close code of a WebSocket. */
  public static final String CODE = "code";

  /** What the client said as it closed. */
  public static final String REASON = "reason";

  /** The HTTP status of a refusal. */
  public static final String STATUS = "status";

  /** The path that was asked for, without its query. */
  public static final String PATH = "path";

  /** The origin of the page that wanted to connect. */
  public static final String ORIGIN = "origin";

  /** The name of a setting. */
  public static final String SETTING = "setting";

  /** A time in milliseconds: how long something took, or will be waited for. */
  public static final String MILLIS = "millis";

  /** Lines of the same kind that were left out, because there were more than ten in a second. */
  public static final String SUPPRESSED = "suppressed";

  /** Lines that were lost, because nobody read standard output. */
  public static final String DROPPED = "dropped";

  // Of the line that says Sluice is ready.

  /** The version of Sluice. */
  public static final String VERSION = "version";

  /** The version of Java. */
  public static final String JAVA = "java";

  /** Where the page is. */
  public static final String PAGE = "page";

  /** Where clients connect. */
  public static final String CLIENTS = "clients";

  /** Where brokers are asked for: `kafka.bootstrap.servers`. */
  public static final String KAFKA = "kafka";

  /** Whether they answered: `true`, `false`, or `null` where that is not known yet. */
  public static final String KAFKA_ANSWERED = "kafkaAnswered";

  /** What is on that is off by default, and what the development run brings. */
  public static final String ENABLED = "enabled";

  /** The limits that matter, in words. */
  public static final String LIMITS = "limits";

  private LogKeys() {}
}
