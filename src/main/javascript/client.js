/**
 * What a program holds.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

import {failure} from './errors.js';
import {Feeds} from './feeds.js';
import {Link} from './link.js';
import {Outbox, Publish} from './outbox.js';
import {requireWhole} from './whole-number.js';

const SYSTEM_CLOCK = {
  now: () => performance.now(),
  setTimeout: (task, ms) => globalThis.setTimeout(task, ms),
  clearTimeout: (timer) => globalThis.clearTimeout(timer),
};

const DEFAULTS = {
  transport: 'auto',
  connectTimeoutMs: 10_000,
  backoffMinMs: 500,
  backoffMaxMs: 30_000,
  retryWebSocketMs: 60_000,
  maxEventStreams: 4,
  publishWaitMs: 10_000,
  maxPendingPublishes: 10_000,
  maxPendingCharacters: 16 * 1024 * 1024,
  random: Math.random,
  clock: SYSTEM_CLOCK,
};

/** What `setTimeout` can wait for; beyond it a timer fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Of each option that is a number: the least and the most. */
const RANGES = Object.entries({
  connectTimeoutMs: [1, MAX_TIMER_MS],
  backoffMinMs: [1, MAX_TIMER_MS],
  backoffMaxMs: [1, MAX_TIMER_MS],
  retryWebSocketMs: [1, MAX_TIMER_MS],
  maxEventStreams: [1],
  publishWaitMs: [0, MAX_TIMER_MS],
  maxPendingPublishes: [1],
  maxPendingCharacters: [1],
});

/** An event of the client: what there is to know stands in it as properties. */
export class SluiceEvent extends Event {
  /** @param {string} type @param {Record<string, any>} details */
  constructor(type, details) {
    super(type);
    for (const [name, value] of Object.entries(details)) Object.defineProperty(this, name, {value, enumerable: true});
  }
}

/**
 * Opens a client. It connects at once and stays connected until `close()`.
 *
 * @param {string | URL} [url] `ws:`, `wss:`, `http:` or `https:`; the path defaults to `/v1/ws`, the host to the
 *     page's own
 * @param {import('./index.js').ConnectOptions} [options]
 * @returns {Client}
 */
export function connect(url, options = {}) {
  return new Client(url, options);
}

/** A client of the gateway: connected until `close()`. Events: `state`, `status`, `welcome`, `error`. */
export class Client extends EventTarget {
  /** @type {Link} */ #link;
  /** @type {Feeds} */ #feeds;
  /** @type {Outbox} */ #outbox;
  #onOnline = () => this.#link.hurry();

  /** @param {string | URL | undefined} url @param {import('./index.js').ConnectOptions} options */
  constructor(url, options) {
    super();
    const all = complete(options);
    const urls = addresses(url);
    if (all.transport === 'sse' && !urls.channels) {
      throw failure('invalid', 'event streams need an address whose path ends in /v1/ws', {field: 'url'});
    }
    this.#link = new Link(urls, all, {
      onOpen: (connection) => {
        this.#feeds.settle();
        if (this.#link.serving === connection) this.#outbox.flush(connection);
      },
      onLost: () => this.#feeds.onLost(),
      onKafkaBack: () => this.#feeds.tryNow(),
      onClosed: (error) => this.#onClosed(error),
      emit: (type, details) => this.dispatchEvent(new SluiceEvent(type, details)),
    });
    this.#feeds = new Feeds(this.#link);
    this.#outbox = new Outbox({
      clock: all.clock, waitMs: all.publishWaitMs, maxCount: all.maxPendingPublishes,
      maxCharacters: all.maxPendingCharacters});
    globalThis.addEventListener?.('online', this.#onOnline);
    this.#link.open();
  }

  /** @returns {import('./index.js').State} */
  get state() {
    return this.#link.state;
  }

  /** @returns {'websocket' | 'sse' | undefined} the way in use or being tried; none while there is no connection */
  get transport() {
    return this.#link.transport;
  }

  /** @returns {'unknown' | 'available' | 'unavailable'} what the gateway said last on this connection */
  get kafka() {
    return this.#link.kafka;
  }

  /**
   * Subscribes, now or as soon as there is a connection, and again after each reconnect from exactly where
   * it was. Callers with the same channel and options share one wire subscription; one who comes late gets
   * what comes from then on.
   *
   * @param {string} channel
   * @param {import('./index.js').SubscribeOptions} [options]
   * @returns {import('./subscription.js').Subscription}
   */
  subscribe(channel, options = {}) {
    this.#requireNotClosed();
    return this.#feeds.subscribe(channel, options);
  }

  /**
   * Publishes one record, or several in one command. Resolves when Kafka has stored it on all in-sync
   * replicas. While there is no connection it waits, `publishWaitMs` at most; a record that was sent is
   * never sent twice.
   *
   * @param {string} channel
   * @param {any} records one, or a list
   * @returns {Promise<any>} where the record is, or a list of that
   */
  publish(channel, records) {
    return new Promise((resolve, reject) => {
      this.#requireNotClosed();
      this.#outbox.accept(new Publish(channel, records, {resolve, reject}), this.#link.serving);
    });
  }

  /** @param {string} [channel] a name or a glob; without it all that may be seen @returns {Promise<any>} */
  async describe(channel) {
    const {channels, truncated} = await this.#ask(
      {type: 'describe', ...(channel === undefined ? {} : {channel})}, 'described');
    return {channels: Array.isArray(channels) ? channels : [], truncated: truncated === true};
  }

  /** @returns {Promise<number>} milliseconds to the gateway and back; rejects when there is no connection */
  async ping() {
    const {clock} = this.#link;
    const start = clock.now();
    await this.#ask({type: 'ping'}, 'pong');
    return clock.now() - start;
  }

  async #ask(command, type) {
    this.#requireNotClosed();
    const connection = this.#link.serving;
    if (!connection) throw failure('not-sent', 'there is no connection');
    return connection.ask(command, type);
  }

  /** Closes for good: iterators end, waiting publishes are `closed`, those in flight `outcome-unknown`. */
  close() {
    this.#link.close(undefined);
  }

  #requireNotClosed() {
    if (this.state === 'closed') throw failure('closed', 'the client is closed');
  }

  #onClosed(error) {
    globalThis.removeEventListener?.('online', this.#onOnline);
    this.#outbox.end(error ?? failure('closed', 'the client was closed; nothing was sent'));
    this.#feeds.end(error);
  }
}

/** Options with every default; wrong ones are refused by name. */
function complete(options) {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const all = {
    WebSocket: globalThis.WebSocket,
    fetch: globalThis.fetch && ((address, how) => globalThis.fetch(address, how)),
    token: undefined,
    ...DEFAULTS,
    ...given,
  };
  for (const name of Object.keys(given)) {
    if (!KNOWN.has(name)) throw failure('invalid', `connect has no option ${name}`, {field: name});
  }
  for (const [name, [least, most]] of RANGES) requireWhole(name, all[name], least, most);
  if (!['auto', 'websocket', 'sse'].includes(all.transport)) {
    throw failure('invalid', 'transport must be auto, websocket or sse', {field: 'transport'});
  }
  if (all.token !== undefined && typeof all.token !== 'function') {
    throw failure('invalid', 'token must be a function that returns the token', {field: 'token'});
  }
  for (const name of ['WebSocket', 'fetch', 'random']) {
    if (all[name] && typeof all[name] !== 'function') throw failure('invalid', `${name} must be a function`, {field: name});
  }
  if (!all.WebSocket && all.transport === 'auto') all.transport = 'sse';
  const needed = all.transport === 'sse' ? 'fetch' : 'WebSocket';
  if (!all[needed]) throw failure('invalid', `there is no ${needed} here: pass options.${needed}`, {field: needed});
  return all;
}

const KNOWN = new Set(['WebSocket', 'fetch', 'token', ...Object.keys(DEFAULTS)]);

/** Where the gateway speaks the protocol, and where its channels are over HTTP. */
function addresses(url) {
  let target;
  try {
    target = new URL(url ?? '/v1/ws', globalThis.location?.href);
  } catch {
    throw failure('invalid', 'this is not the address of a gateway', {field: 'url'});
  }
  if (!/^(ws|http)s?:$/.test(target.protocol)) {
    throw failure('invalid', `a gateway speaks ws, wss, http or https, not ${target.protocol}`, {field: 'url'});
  }
  if (target.pathname === '/') target.pathname = '/v1/ws';
  target.hash = '';
  const channels = new URL(target.href.replace(/^ws/, 'http'));
  target.protocol = target.protocol.replace(/^http/, 'ws');
  const hasChannels = channels.pathname.endsWith('/v1/ws');
  channels.pathname = channels.pathname.replace(/ws$/, 'channels/');
  return {webSocket: target.href, channels: hasChannels ? channels.href : undefined};
}
