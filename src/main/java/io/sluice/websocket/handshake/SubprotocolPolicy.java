package io.sluice.websocket.handshake;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which sub-protocols an endpoint speaks.
 *
 * @param supported exact names; among several the client's first wins (RFC 6455 §4.1)
 * @param unknownOnly what becomes of an offer in which none of them stands
 */
public record SubprotocolPolicy(List<String> supported, UnknownOnly unknownOnly) {
  /** What becomes of an offer without a supported name. */
  public enum UnknownOnly {
    /** 400, naming the supported ones. */
    REFUSE,
    /** Accepted, and none is selected: most clients then give up by themselves. */
    SELECT_NONE
  }

  public SubprotocolPolicy {
    supported = List.copyOf(supported);
  }

  /** The first of {@code offered} that is supported; null where none is. */
  @Nullable String select(Iterable<String> offered) {
    for (String name : offered) {
      if (supported.contains(name)) {
        return name;
      }
    }
    return null;
  }
}
