/**
 * The way to the gateway, whatever happens to single connections.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

import {failure, failureOf} from './errors.js';
import {EventStreamConnection} from './event-stream-connection.js';
import {Backoff, isFinal, TransportChoice} from './reconnect.js';
import {WebSocketConnection} from './websocket-connection.js';

/** @typedef {import('./index.js').State} State */
/** @typedef {WebSocketConnection | EventStreamConnection} Connection */

/** The longest time that a gateway may ask to wait. */
const MAX_ASKED_DELAY_MS = 600_000;

/**
 * Opens connections one after the other: by which transport, after which delay, and when to move on.
 *
 *     connecting ─welcome→ open ─draining→ draining
 *         ↑                  │ lost           │
 *         └──── waiting ←────┴────────────────┘        each ─close(), or a final close code→ closed
 */
export class Link {
  /** @type {State} */ state = 'connecting';
  /** What the gateway said last on this connection. @type {'unknown' | 'available' | 'unavailable'} */ kafka = 'unknown';
  #urls;
  #options;
  #user;
  #choice;
  #backoff;
  /** The one in use, or being made. @type {Connection | undefined} */ #connection;
  /** A WebSocket that is tried while event streams stand in for it. @type {Connection | undefined} */ #candidate;
  /** Of the next attempt, while there is no connection; of the next candidate, while there is one. */ #timer;
  /** Attempts of WebSocket that failed since it was given up. */ #failedCandidates = 0;
  /** When the next is due, whatever happens to the event streams until then. @type {number | undefined} */
  #candidateAt;
  /** What an open candidate was greeted with. */ #welcome;
  /** Set by `draining`: when to move, on the client's clock. @type {number | undefined} */ #moveAt;
  #moveTimer;
  /** Counts attempts: a token that comes for an older one is not for us. */ #turn = 0;

  /**
   * @param {{webSocket: string, channels: any}} urls `channels`: where they are over HTTP, if known
   * @param {any} options of `connect`, with every default
   * @param {{onOpen: (connection: Connection) => void, onLost: () => void, onKafkaBack: () => void,
   *     onClosed: (error: any) => void, emit: (type: string, details: Record<string, any>) => void}} user
   */
  constructor(urls, options, user) {
    this.#urls = urls;
    this.#options = options;
    this.#user = user;
    this.clock = options.clock;
    this.#choice = new TransportChoice(urls.channels ? options.transport : 'websocket');
    this.#backoff = new Backoff({minMs: options.backoffMinMs, maxMs: options.backoffMaxMs, random: options.random});
  }

  /** The connection that takes commands now, if there is one. @returns {Connection | undefined} */
  get serving() {
    const isServing = (this.state === 'open' || this.state === 'draining') && !this.#isLeaving();
    return isServing ? this.#connection : undefined;
  }

  /** @returns {'websocket' | 'sse' | undefined} the way in use or being tried */
  get transport() {
    return this.#connection?.transport;
  }

  backoff(attempt) {
    return this.#backoff.delay(attempt);
  }

  open() {
    this.#make(this.#choice.next, (connection) => (this.#connection = connection),
      () => this.#wait(0, {reason: 'no connection could be made'}));
  }

  /**
   * Closes for good.
   *
   * @param {any} error none when that is the owner's wish
   * @param {{closeCode?: number, reason: string}} why
   */
  close(error, why = {closeCode: 1000, reason: ''}) {
    if (this.state === 'closed') return;
    this.#changeState('closed', why);
    this.#abandonCandidate();
    this.clock.clearTimeout(this.#moveTimer);
    this.#connection?.drop(1000, '');
    this.#user.onClosed(error);
  }

  /** The network is back: no need to wait as long. */
  hurry() {
    if (this.state !== 'waiting') return;
    this.clock.clearTimeout(this.#timer);
    this.#timer = this.clock.setTimeout(() => this.#reopen(), this.#backoff.restart());
  }

  /** An error that belongs to no call. */
  report(error) {
    this.#user.emit('error', {error});
  }

  /** @param {State} state @param {Record<string, any>} [more] */
  #changeState(state, more = {}) {
    this.state = state;
    this.#user.emit('state', {state, transport: this.transport, attempt: this.#backoff.attempt, ...more});
  }

  /** Makes a connection, once its token is there. */
  #make(transport, take, giveUp) {
    const {token, connectTimeoutMs} = this.#options;
    if (!token) {
      this.#create(transport, undefined, take, giveUp);
      return;
    }
    const turn = ++this.#turn;
    const once = (act) => (value) => {
      if (turn !== this.#turn) return;
      this.#turn++;
      this.clock.clearTimeout(this.#timer);
      act(value);
    };
    const onFailure = once((cause) => {
      this.report(Object.assign(failure('unauthenticated', 'the token callback failed'), {cause}));
      giveUp();
    });
    this.#timer = this.clock.setTimeout(
      () => onFailure(new Error(`no token within ${connectTimeoutMs} ms`)), connectTimeoutMs);
    Promise.resolve().then(token).then(once((text) => this.#create(transport, text, take, giveUp)), onFailure);
  }

  #create(transport, token, take, giveUp) {
    const {WebSocket, fetch, connectTimeoutMs: timeoutMs} = this.#options;
    try {
      take(transport === 'websocket'
        ? new WebSocketConnection(this, {url: this.#urls.webSocket, WebSocket, timeoutMs, token})
        : new EventStreamConnection(this, {
          url: this.#urls.channels, fetch, timeoutMs, token: this.#options.token,
          maxStreams: this.#options.maxEventStreams}));
    } catch {
      // A page's policy may forbid it. What was thrown could name the sub-protocols, a token among them.
      this.report(failure('not-sent', `no ${transport} connection may be opened here`));
      this.#choice.onLost(transport, false);
      giveUp();
    }
  }

  /** @internal @param {Connection} connection @param {any} [welcome] what the gateway greeted with, if it did */
  onOpen(connection, welcome) {
    this.#choice.onOpen(connection.transport);
    if (connection === this.#candidate) {
      this.#welcome = welcome;
      this.onQuiet(this.#connection);
    } else if (connection === this.#connection) this.#onOpen(connection, welcome);
  }

  #onOpen(connection, welcome) {
    this.state = 'open';
    this.#user.onOpen(connection); // What was waiting goes before what listeners add.
    if (connection !== this.#connection) return;
    this.#changeState('open');
    if (connection !== this.#connection) return;
    if (this.#choice.isFallback) this.#tryWebSocketLater();
    if (welcome) this.#greet(welcome);
  }

  #greet({protocol, connection, instance, limits, heartbeatMs}) {
    this.#user.emit('welcome', {protocol, connection, instance, limits, heartbeatMs});
  }

  /** WebSocket works after all: the event streams end, and everything goes on from where they stood. */
  #moveToCandidate() {
    const before = this.#connection;
    this.#connection = this.#candidate;
    this.#candidate = undefined;
    this.#failedCandidates = 0;
    this.#candidateAt = undefined;
    this.#stopMoving();
    this.#learnKafka('unknown');
    this.#user.onLost();
    before?.drop(1000, 'moving on');
    this.#onOpen(this.#connection, this.#welcome);
  }

  #tryWebSocketLater() {
    const now = this.clock.now();
    const delayMs = Math.min(this.#options.retryWebSocketMs * 2 ** this.#failedCandidates, MAX_ASKED_DELAY_MS);
    const dueAt = this.#candidateAt ?? now + delayMs;
    this.#candidateAt = dueAt;
    const take = (connection) => (this.#candidate = connection);
    this.#timer = this.clock.setTimeout(
      () => this.#make('websocket', take, () => this.#onCandidateFailed()), Math.max(0, dueAt - now));
  }

  #onCandidateFailed() {
    this.#candidate = undefined;
    this.#failedCandidates++;
    this.#candidateAt = undefined;
    this.#tryWebSocketLater();
  }

  /** What the gateway says that belongs to no subscription. @internal */
  onPush(connection, message) {
    if (connection !== this.#connection) return;
    switch (message.type) {
      case 'status': this.#onStatus(message.kafka); break;
      case 'draining': this.#onDraining(connection, message.reconnectAfterMs); break;
      case 'error': this.report(failureOf(message)); break;
      case 'welcome': this.#greet(message); break; // of an event stream
      default: // Unknown to this version, or of a subscription that was just left.
    }
  }

  #onStatus(kafka) {
    if (kafka !== 'available' && kafka !== 'unavailable') return;
    this.#learnKafka(kafka);
    if (kafka === 'available') this.#user.onKafkaBack();
  }

  #learnKafka(kafka) {
    if (this.kafka === kafka) return;
    this.kafka = kafka;
    this.#user.emit('status', {kafka});
  }

  /**
   * The instance goes away: move when it says, earlier only if the connection is lost earlier. Event streams have a
   * time each, at which the gateway ends them: the first is the connection's.
   */
  #onDraining(connection, askedMs) {
    const delayMs = Number.isSafeInteger(askedMs) && askedMs >= 0 ? Math.min(askedMs, MAX_ASKED_DELAY_MS) : 0;
    const moveAt = this.clock.now() + delayMs;
    if (this.#moveAt !== undefined && this.#moveAt <= moveAt) return;
    this.#stopMoving();
    this.#moveAt = moveAt;
    this.#moveTimer = this.clock.setTimeout(() => {
      this.#moveAt = this.clock.now(); // A timer may fire a fraction of a millisecond early.
      this.onQuiet(connection);
    }, delayMs);
    this.#changeState('draining', {delayMs});
  }

  /** The connection takes no more commands: its time is up, or there is a better one. */
  #isLeaving() {
    return this.#candidate?.isOpen || (this.#moveAt !== undefined && this.clock.now() >= this.#moveAt);
  }

  /** After each reply: a connection to be left is left as soon as no publish waits for its answer. @internal */
  onQuiet(connection) {
    if (connection !== this.#connection || !this.#isLeaving() || connection.publishesInFlight > 0) return;
    if (this.#candidate?.isOpen) this.#moveToCandidate();
    else connection.drop(1000, 'moving on');
  }

  #stopMoving() {
    this.clock.clearTimeout(this.#moveTimer);
    this.#moveAt = undefined;
  }

  /**
   * @internal
   * @param {Connection} connection
   * @param {{closeCode?: number, reason: string, retryAfterMs?: number}} why
   */
  onLost(connection, why) {
    this.#choice.onLost(connection.transport, connection.isOpen);
    if (connection === this.#candidate) this.#onCandidateFailed();
    if (connection !== this.#connection) return;
    if (this.#candidate?.isOpen) {
      this.#moveToCandidate();
      return;
    }
    this.#connection = undefined;
    this.#abandonCandidate();
    this.#learnKafka('unknown'); // The next gateway says so if it cannot reach Kafka.
    this.#user.onLost();
    if (this.state === 'closed') return;
    if (isFinal(why.closeCode, Boolean(this.#options.token))) {
      const text = `the gateway closed the connection for good: ${why.closeCode} ${why.reason}`.trimEnd();
      this.close(failure('closed', text, why), why);
      return;
    }
    this.#wait(connection.isOpen ? this.clock.now() - connection.openedAt : 0, why);
  }

  #abandonCandidate() {
    this.#turn++; // One whose token is still awaited is not made any more.
    this.clock.clearTimeout(this.#timer);
    const candidate = this.#candidate;
    this.#candidate = undefined;
    candidate?.drop(1000, '');
  }

  /** @param {number} livedMs @param {{closeCode?: number, reason: string, retryAfterMs?: number}} why */
  #wait(livedMs, {closeCode, reason, retryAfterMs = 0}) {
    const movesIn = this.#moveAt === undefined ? undefined : Math.max(0, this.#moveAt - this.clock.now());
    this.#stopMoving();
    // A drain's time is jittered by the gateway; what a gateway asks for otherwise is the least, for all alike.
    const delayMs = movesIn ?? Math.min(retryAfterMs, MAX_ASKED_DELAY_MS) + this.#backoff.next(livedMs, closeCode);
    this.#timer = this.clock.setTimeout(() => this.#reopen(), delayMs);
    this.#changeState('waiting', {delayMs, closeCode, reason});
  }

  #reopen() {
    this.#changeState('connecting');
    if (this.state === 'connecting') this.open();
  }
}
