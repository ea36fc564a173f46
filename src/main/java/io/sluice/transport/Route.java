package io.sluice.transport;

/** What stands at an address: takes over the requests that come there. Any thread. */
interface Route {
  /**
   * Takes {@code request} over, on the event loop of its connection.
   *
   * @param turn how it is answered, at once or later
   * @return is told what follows of it, unless it is answered already
   */
  Exchange take(RequestHead request, Turn turn);
}
