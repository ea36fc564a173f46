package io.sluice.transport;

import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/** By the way of the pipeline. */
class SocketOutletTest extends SocketOutletContract {
  SocketOutletTest() {
    super(NioIoHandler.newFactory(), NioServerSocketChannel.class);
  }
}
