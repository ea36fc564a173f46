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

/**
 * {@code send(2)} of Linux, called as it is: for a record that goes to many sockets, the way
 * through a pipeline and an outbound buffer costs a third as much as the system call itself
 * (docs/benchmarks.md, "Where the time goes"). The event loop of the socket; stateless.
 */
final class DirectSend {
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;

  private static final DirectSend INSTANCE = new DirectSend();

  /** An address is handed over as the number it is: no object for each call. */
  private static final MethodHandle SEND =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("send"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT));

  private DirectSend() {}

  /**
   * The way to {@code channel}; {@code null} where there is none: on another system than Linux, on
   * NIO, and where TLS stands between.
   */
  static @Nullable DirectSend to(Channel channel) {
    boolean possible =
        channel instanceof UnixChannel
            && channel.pipeline().get(SslHandler.class) == null
            && System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux");
    return possible ? INSTANCE : null;
  }

  /**
   * Sends what the socket takes of {@code length} bytes at {@code address}; returns how many that
   * were. 0 too where it failed: whoever writes the rest through the pipeline is told why.
   *
   * @param channel one that has an outbound buffer: a closed one's socket may be another's by now
   */
  int send(Channel channel, long address, int length) {
    int socket = ((UnixChannel) channel).fd().intValue();
    try {
      long sent =
          (long) SEND.invokeExact(socket, address, (long) length, MSG_DONTWAIT | MSG_NOSIGNAL);
      return (int) Math.max(0, sent);
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("send(2) throws nothing.", e);
    }
  }
}
