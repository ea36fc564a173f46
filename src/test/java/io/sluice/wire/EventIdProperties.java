package io.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.log.Partition;
import io.sluice.log.Positions;
import io.sluice.log.TopicId;
import io.sluice.protocol.StartingPoint;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class EventIdProperties {
  @Property
  void whateverIsWrittenIsReadBackAndMayStandInAnAddress(
      @ForAll("positions") Map<Partition, Long> byPartition) {
    Positions positions = new Positions(byPartition);
    Map<String, TopicId> ids = new TreeMap<>();
    byPartition
        .keySet()
        .forEach(partition ->
            ids.put(partition.topic(), new TopicId("id_of-" + partition.topic().length())));
    ByteBuf out = Unpooled.buffer();
    assertThat(EventId.write(positions, ids, out)).isTrue();
    String id = out.toString(StandardCharsets.US_ASCII);
    assertThat(id).matches("[A-Za-z0-9._~-]+");
    assertThat(EventId.read(id)).isEqualTo(new StartingPoint.At(positions, ids));
  }

  @Provide
  Arbitrary<Map<Partition, Long>> positions() {
    Arbitrary<String> topics =
        Arbitraries.strings().withChars("aZ09._-").ofMinLength(1).ofMaxLength(6);
    Arbitrary<Partition> partitions =
        Combinators.combine(
                topics,
                Arbitraries.oneOf(
                    Arbitraries.integers().between(0, 5), Arbitraries.integers().greaterOrEqual(0)))
            .as(Partition::new);
    return Arbitraries.maps(partitions, Arbitraries.longs().greaterOrEqual(0)).ofMaxSize(40);
  }
}
