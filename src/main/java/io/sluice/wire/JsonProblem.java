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
    members(status, title, detail, out);
    out.writeByte('}');
  }

  /**
   * Writes a problem of the protocol: beside HTTP's members stand those of an error (§2), whose
   * message is the detail.
   */
  public static void write(int status, String title, Failure failure, ByteBuf out) {
    members(status, title, failure.message(), out);
    JsonOut.raw(out, ",\"code\":");
    JsonOut.string(out, failure.code().word());
    JsonEvents.particulars(out, failure);
    out.writeByte('}');
  }

  private static void members(int status, String title, String detail, ByteBuf out) {
    JsonOut.raw(out, "{\"type\":\"about:blank\",\"title\":");
    JsonOut.string(out, title);
    JsonOut.raw(out, ",\"status\":");
    JsonOut.number(out, status);
    JsonOut.raw(out, ",\"detail\":");
    JsonOut.string(out, detail);
  }
}
