package io.sluice.app;

import java.io.Serial;

/** Nobody said where Kafka is. */
final class NoBrokersException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  NoBrokersException(String message) {
    super(message);
  }
}
