package io.sluice.jmh;

import io.netty.handler.codec.http.websocketx.WebSocket08FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * What Netty keeps to itself, as handles that benchmarks hold as constants: then a call through one
 * costs what a plain call does.
 */
public final class NettyParts {
  private NettyParts() {}

  /** A decoder of a server that takes whatever a client may send. */
  public static WebSocketDecoderConfig decoderConfig() {
    return WebSocketDecoderConfig.newBuilder()
        .expectMaskedFrames(true)
        .allowMaskMismatch(false)
        .allowExtensions(false)
        .maxFramePayloadLength(1 << 20)
        .build();
  }

  /** {@code (Decoder, ByteBuf)void}: unmasks what is readable of a buffer, in place. */
  public static MethodHandle unmask(Class<?> buffer) {
    return method(WebSocket08FrameDecoder.class, "unmask", buffer)
        .asType(MethodType.methodType(void.class, WebSocket08FrameDecoder.class, buffer));
  }

  /** {@code (Decoder, int)void}: sets the key with which it unmasks. */
  public static MethodHandle maskKey() {
    try {
      return inside(WebSocket08FrameDecoder.class)
          .findSetter(WebSocket08FrameDecoder.class, "mask", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** A validator of UTF-8. */
  public static Object validator() {
    try {
      return inside(validatorType())
          .findConstructor(validatorType(), MethodType.methodType(void.class))
          .invoke();
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** {@code (Object, ByteBuf)void}: the validator looks at what is readable. */
  public static MethodHandle check(Class<?> buffer) {
    return method(validatorType(), "check", buffer)
        .asType(MethodType.methodType(void.class, Object.class, buffer));
  }

  /** {@code (Object)void}: the text ends. */
  public static MethodHandle finish() {
    return method(validatorType(), "finish")
        .asType(MethodType.methodType(void.class, Object.class));
  }

  private static Class<?> validatorType() {
    try {
      return Class.forName(WebSocket08FrameDecoder.class.getPackageName() + ".Utf8Validator");
    } catch (ClassNotFoundException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static MethodHandle method(Class<?> owner, String name, Class<?>... parameters) {
    try {
      return inside(owner).findVirtual(owner, name, MethodType.methodType(void.class, parameters));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static MethodHandles.Lookup inside(Class<?> owner) throws IllegalAccessException {
    return MethodHandles.privateLookupIn(owner, MethodHandles.lookup());
  }
}
