package io.sluice.transport;

import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** By {@code send(2)}. */
@EnabledOnOs(OS.LINUX)
class DirectSendTest extends SocketOutletContract {
  DirectSendTest() {
    super(EpollIoHandler.newFactory(), EpollServerSocketChannel.class);
  }
}
