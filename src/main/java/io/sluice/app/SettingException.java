package io.sluice.app;

import java.io.Serial;

/** A setting is not known, or its value is not allowed; the message is all that the start says. */
final class SettingException extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1L;

  SettingException(String sentence) {
    super(sentence);
  }
}
