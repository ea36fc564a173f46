package io.sluice.transport;

import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.ssl.SslHandler;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code send(2)} of Linux, called as it is: for a record that goes to many sockets, the way
 * through a pipeline and an outbound buffer costs a third as much as the system call itself
 * (docs/benchmarks.md, "Where the time goes"). The event loop of the socket; stateless.
 */
final class DirectSend {
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;

  private static final Logger LOG = LoggerFactory.getLogger(DirectSend.class);

  private static volatile @Nullable DirectSend ready;

  private DirectSend() {}

  /** Apart, because it is made when it is first used, and that takes about a tenth of a second. */
  private static final class Call {
    /** An address is handed over as the number it is: no object for each call. */
    static final MethodHandle SEND =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("send"),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));

    private Call() {}

    /** What the system returns: how many bytes it took, or -1. */
    static long send(int socket, long address, long length) {
      try {
        return (long) SEND.invokeExact(socket, address, length, MSG_DONTWAIT | MSG_NOSIGNAL);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("send(2) throws nothing.", e);
      }
    }
  }

  /**
   * Makes it usable, on a thread of its own. Until then, and where the JVM does not allow it,
   * {@link #to} finds none.
   */
  static void prepare() {
    if (ready == null && System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux")) {
      Thread.ofPlatform().daemon().name("sluice-direct-send").start(DirectSend::load);
    }
  }

  private static void load() {
    try {
      Call.send(-1, 0, 0); // no socket: does nothing, but all that a call needs is there afterwards
      ready = new DirectSend();
    } catch (LinkageError | RuntimeException e) {
      LOG.warn("Records are sent by way of Netty, which costs more: send(2) cannot be called.", e);
    }
  }

  /**
   * The way to {@code channel}; {@code null} where there is none: on another system than Linux, on
   * NIO, and where TLS stands between.
   */
  static @Nullable DirectSend to(Channel channel) {
    return channel instanceof UnixChannel && channel.pipeline().get(SslHandler.class) == null
        ? ready
        : null;
  }

  /**
   * Sends what the socket takes of {@code length} bytes at {@code address}; returns how many that
   * were. 0 too where it failed: whoever writes the rest through the pipeline is told why.
   *
   * @param channel one that has an outbound buffer: a closed one's socket may be another's by now
   */
  int send(Channel channel, long address, int length) {
    return (int) Math.max(0, Call.send(((UnixChannel) channel).fd().intValue(), address, length));
  }
}
