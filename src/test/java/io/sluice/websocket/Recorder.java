package io.sluice.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.websocket.connection.ConnectionListener;
import io.sluice.websocket.connection.Ending;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what a conversation tells, a line per call, buffers as hex: {@code text 48}, {@code
 * out 8a00}, {@code closed 1000 bye}, {@code failed 1002}, {@code lost}.
 *
 * <p>A failure is told to the peer in its own words: the close frame before {@code failed} is
 * checked against it and not written down; where there is none, {@code silently} stands behind the
 * code.
 */
public final class Recorder implements ConnectionListener {
  private final List<String> events = new ArrayList<>();
  private @Nullable Ending ending;
  private boolean writable = true;

  /** What was told so far. */
  public List<String> events() {
    return events;
  }

  /** How it ended; null while it has not. */
  public @Nullable Ending ending() {
    return ending;
  }

  /** Sets what the socket answers. */
  public void writable(boolean writable) {
    this.writable = writable;
  }

  private void add(String name, ByteBuf payload) {
    if (ending != null) {
      throw new AssertionError(name + " came after the end");
    }
    events.add(name + " " + ByteBufUtil.hexDump(payload));
  }

  @Override
  public void onText(ByteBuf utf8) {
    add("text", utf8);
  }

  @Override
  public void onBinary(ByteBuf bytes) {
    add("binary", bytes);
  }

  @Override
  public void onPing(ByteBuf payload) {
    add("ping", payload);
  }

  @Override
  public void onPong(ByteBuf payload) {
    add("pong", payload);
  }

  @Override
  public void send(ByteBuf frame) {
    add("out", frame);
    frame.release();
  }

  @Override
  public boolean isWritable() {
    return writable;
  }

  @Override
  public void onEnd(Ending how) {
    if (ending != null) {
      throw new AssertionError("it ended twice");
    }
    ending = how;
    switch (how) {
      case Ending.Closed closed ->
          events.add(("closed " + closed.code() + " " + closed.reason()).strip());
      case Ending.Failed failed -> {
        events.add("failed " + failed.code() + (dropCloseFrame(failed) ? "" : " silently"));
      }
      case Ending.Lost lost -> events.add("lost");
    }
  }

  private boolean dropCloseFrame(Ending.Failed failed) {
    byte[] reason = failed.violation().sentence().getBytes(StandardCharsets.UTF_8);
    ByteBuf frame =
        Unpooled.buffer()
            .writeByte(0x88)
            .writeByte(2 + reason.length)
            .writeShort(failed.code())
            .writeBytes(reason);
    String last = events.isEmpty() ? "" : events.getLast();
    if (last.equals("out " + ByteBufUtil.hexDump(frame)) || last.matches("out 88[89a-f].*")) {
      events.removeLast(); // a masked one is read by the mouth-to-ear tests
      return true;
    }
    return false;
  }
}
