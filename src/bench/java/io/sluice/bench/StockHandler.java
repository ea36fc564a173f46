package io.sluice.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** One client of the {@link StockGateway}: {@code subscribe} and {@code publish}. */
final class StockHandler extends SimpleChannelInboundHandler<TextWebSocketFrame> {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final StockTopics topics;
  private final KafkaProducer<byte[], byte[]> producer;

  StockHandler(StockTopics topics, KafkaProducer<byte[], byte[]> producer) {
    this.topics = topics;
    this.producer = producer;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame)
      throws JsonProcessingException {
    JsonNode command = MAPPER.readTree(frame.text());
    String channel = command.path("channel").asText();
    switch (command.path("type").asText()) {
      case "subscribe" -> topics.subscribe(channel, ctx.channel());
      case "publish" -> publish(ctx, channel, command.path("id").asLong(), command.path("value"));
      default -> ctx.close();
    }
  }

  private void publish(ChannelHandlerContext ctx, String topic, long id, JsonNode value)
      throws JsonProcessingException {
    byte[] bytes = MAPPER.writeValueAsBytes(value);
    producer.send(
        new ProducerRecord<>(topic, bytes),
        (stored, e) ->
            ctx.writeAndFlush(
                new TextWebSocketFrame(
                    e == null
                        ? published(id, stored)
                        : "{\"type\":\"error\",\"id\":" + id + ",\"code\":\"unavailable\"}")));
  }

  private static String published(long id, RecordMetadata stored) {
    return "{\"type\":\"published\",\"id\":"
        + id
        + ",\"records\":[{\"topic\":\""
        + stored.topic()
        + "\",\"partition\":"
        + stored.partition()
        + ",\"offset\":"
        + stored.offset()
        + ",\"timestamp\":"
        + stored.timestamp()
        + "}]}";
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    topics.onWritability(ctx.channel().isWritable());
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!ctx.channel().isWritable()) {
      topics.onWritability(true);
    }
    topics.leave(ctx.channel());
    ctx.fireChannelInactive();
  }

  /** A client that is gone: its channel closes, and that is all there is to it. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
