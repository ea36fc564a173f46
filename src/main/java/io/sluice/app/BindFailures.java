package io.sluice.app;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;

/**
 * Says of an address that cannot be listened on what Java says: Netty's native transports have an
 * exception of their own, which Micronaut does not know and logs with its stack. The event loop of
 * the listener.
 */
final class BindFailures extends ChannelOutboundHandlerAdapter {
  @Override
  public void bind(ChannelHandlerContext ctx, SocketAddress address, ChannelPromise promise) {
    ctx.bind(address)
        .addListener(bound -> {
          if (bound.isSuccess()) {
            promise.setSuccess();
          } else {
            promise.setFailure(asJavaSays(bound.cause()));
          }
        });
  }

  private static Throwable asJavaSays(Throwable failure) {
    if (!(failure instanceof IOException) || failure instanceof BindException) {
      return failure;
    }
    BindException bind = new BindException(failure.getMessage());
    bind.initCause(failure);
    return bind;
  }
}
