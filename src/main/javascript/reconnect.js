/**
 * When to come back, and by which way.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/** Overload: the first delay after these is drawn as if this many attempts had failed. */
const CROWDED_CLOSE_CODES = new Set([1013, 4429]);
const CROWDED_ATTEMPTS = 3;

/** A connection that lived this long was a good one: the next back-off starts from the beginning. */
const GOOD_CONNECTION_MS = 10_000;

/** Codes after which the same client would only be refused again. */
const FINAL_CLOSE_CODES = new Set([1002, 1003, 1007, 1008, 1010, 4401, 4403]);

/** Missing or expired credentials: new ones may be had where there is a token callback. */
const UNAUTHENTICATED = 4401;

/** Whether to stay away for good. */
export function isFinal(closeCode, hasTokens) {
  return FINAL_CLOSE_CODES.has(closeCode) && !(closeCode === UNAUTHENTICATED && hasTokens);
}

/** Delays that grow with each failure, drawn at random so that many clients spread out. */
export class Backoff {
  attempt = 0;

  /** @param {{minMs: number, maxMs: number, random: () => number}} bounds */
  constructor({minMs, maxMs, random}) {
    this.minMs = minMs;
    this.maxMs = maxMs;
    this.random = random;
  }

  /** Full jitter: anything between nothing and an upper bound that doubles. */
  delay(attempt) {
    return this.random() * Math.min(this.maxMs, this.minMs * 2 ** Math.min(attempt - 1, 30));
  }

  /** After a loss. @param {number} livedMs how long the connection was open; 0 where it never was */
  next(livedMs, closeCode) {
    if (livedMs >= GOOD_CONNECTION_MS) this.attempt = 0;
    this.attempt++;
    return this.delay(this.attempt + (CROWDED_CLOSE_CODES.has(closeCode) ? CROWDED_ATTEMPTS : 0));
  }

  /** The network is back: as after the first failure. */
  restart() {
    this.attempt = 1;
    return this.delay(1);
  }
}

/** So many failures of WebSocket in a row, none before having worked, mean that the network does not let it through. */
const FAILURES_BEFORE_FALLBACK = 2;

/** Which transport the next attempt takes. */
export class TransportChoice {
  #failures = 0;
  #webSocketWorks = false;

  /** @param {'auto' | 'websocket' | 'sse'} wish */
  constructor(wish) {
    this.wish = wish;
  }

  /** @returns {'websocket' | 'sse'} */
  get next() {
    if (this.wish !== 'auto') return this.wish;
    return this.#failures >= FAILURES_BEFORE_FALLBACK ? 'sse' : 'websocket';
  }

  /** Whether event streams stand in for WebSocket, which is to be tried again. */
  get isFallback() {
    return this.wish === 'auto' && this.next === 'sse';
  }

  onOpen(transport) {
    if (transport !== 'websocket') return;
    this.#webSocketWorks = true;
    this.#failures = 0;
  }

  /** A connection was lost. @param {boolean} wasOpen */
  onLost(transport, wasOpen) {
    if (this.#webSocketWorks || wasOpen) return;
    // Where event streams do not work either it is not WebSocket's fault: both are tried in turn.
    this.#failures = transport === 'websocket' ? this.#failures + 1 : FAILURES_BEFORE_FALLBACK - 1;
  }
}
