package io.sluice.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.protocol.CommandId;
import io.sluice.relay.FeedForm;
import io.sluice.relay.RelaySettings;
import io.sluice.relay.ValueForm;
import io.sluice.relay.WireFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The limit of outbound messages holds because what stands around the records is known to be small.
 */
class EnvelopeTest {
  private static final int ELEMENT = 70_000; // so that the header has its longest form
  private static final int LONGEST_HEADER = 10;

  @ParameterizedTest
  @EnumSource
  void whatStandsAroundTheRecordsIsAsSmallAsTheRelayBelieves(WireFormat format) {
    ByteBuf element = Unpooled.buffer().writeZero(ELEMENT);
    ByteBuf frame = Unpooled.buffer();
    new FrameEncoders()
        .encoder(CommandId.MAX_NUMBER, new FeedForm(format, ValueForm.AUTO))
        .frame(element, 0, ELEMENT, 1, frame);
    assertThat(frame.readableBytes() - LONGEST_HEADER - ELEMENT)
        .isLessThanOrEqualTo(RelaySettings.ENVELOPE_BYTES);
  }
}
