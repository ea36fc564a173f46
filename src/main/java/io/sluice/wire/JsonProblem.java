package io.sluice.wire;

import io.netty.buffer.ByteBuf;
import io.sluice.protocol.Failure;

/**
 * What went wrong with an HTTP request, as {@code application/problem+json} (RFC 9457). Stateless:
 * any thread.
 */
public final class JsonProblem {
  private JsonProblem() {}

  /**
   * Writes a problem that is HTTP's alone.
   *
   * @param title the reason phrase of {@code status}
   * @param detail one sentence
   */
  public static void write(int status, String title, String detail, ByteBuf out) {
    MessageWriter problem = begin(status, title, detail, out);
    problem.end();
  }

  /** Writes a problem of the protocol: beside HTTP's members stand those of an error (§2). */
  public static void write(int status, String title, Failure failure, ByteBuf out) {
    MessageWriter problem = begin(status, title, failure.message(), out);
    Events.failure(problem, failure);
    problem.end();
  }

  private static MessageWriter begin(int status, String title, String detail, ByteBuf out) {
    MessageWriter problem = new JsonWriter(out);
    problem.object();
    problem.text(Term.TYPE, "about:blank");
    problem.text(Term.TITLE, title);
    problem.number(Term.STATUS, status);
    problem.text(Term.DETAIL, detail);
    return problem;
  }
}
