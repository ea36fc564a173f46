package io.sluice.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.sluice.testing.Eventually;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** By {@code send(2)}. */
@EnabledOnOs(OS.LINUX)
class DirectSendTest extends SocketOutletContract {
  DirectSendTest() {
    super(EpollIoHandler.newFactory(), EpollServerSocketChannel.class);
  }

  @BeforeAll
  static void prepare() {
    Epoll.ensureAvailability();
    DirectSend.prepare();
    Channel socket = new EpollSocketChannel();
    try {
      assertThat(Eventually.holds(() -> DirectSend.to(socket) != null, Duration.ofSeconds(10)))
          .isTrue();
    } finally {
      socket.unsafe().closeForcibly();
    }
  }
}
