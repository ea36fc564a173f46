/**
 * The protocol over event streams, for networks that break WebSockets.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

import {channelAddress, streamAddress} from './channel-address.js';
import {failure} from './errors.js';
import {EventStream} from './event-stream.js';
import {httpLoss, problemOf, publishFailure} from './http-answer.js';

/** @typedef {import('./feed.js').Feed} Feed */
/** @typedef {import('./outbox.js').Publish} Publish */

/** Kafka's answer takes 15 s at most; what takes longer is lost on its way. */
const PUBLISH_TIMEOUT_MS = 30_000;

/** Characters that every server and proxy takes. */
const MAX_ADDRESS = 4_000;

/**
 * A request per subscription, whose answer goes on for as long as records come, and one for each publish, which go
 * one after the other so that they keep their order. It is lost when any of the streams breaks.
 */
export class EventStreamConnection {
  /** @type {'sse'} */ transport = 'sse';
  isOpen = false;
  publishesInFlight = 0;
  /** @type {Map<Feed, EventStream>} */ #streams = new Map();
  /** What there is no stream for yet. @type {{feed: Feed, ways: string[], credit?: number}[]} */ #queue = [];
  /** In order; the first is under way. @type {Publish[]} */ #publishes = [];
  /** Whether the first has left. */ #isPosted = false;
  #isLost = false;
  #abort = new AbortController();
  #timer;

  /**
   * @param {import('./link.js').Link} host
   * @param {{url: string, fetch: typeof fetch, timeoutMs: number, token?: () => any, maxStreams: number}} how `url`
   *     ends in `/channels/`
   */
  constructor(host, how) {
    this.host = host;
    this.how = how;
    this.openedAt = host.clock.now();
    this.#timer = host.clock.setTimeout(() => this.#lose('the gateway did not answer in time'), how.timeoutMs);
    this.#probe();
  }

  /** Before the first stream: is there anybody? */
  async #probe() {
    try {
      const headers = await this.authorization();
      const response = await this.how.fetch(
        this.how.url, {method: 'OPTIONS', headers, cache: 'no-store', signal: this.#abort.signal});
      if (response.ok) this.#onReached();
      else this.lose(httpLoss(response, await problemOf(response)));
    } catch {
      this.#lose('the gateway cannot be reached');
    }
  }

  #onReached() {
    if (this.#isLost) return;
    this.host.clock.clearTimeout(this.#timer);
    this.isOpen = true;
    this.host.onOpen(this);
  }

  /** @param {Feed} feed @param {Record<string, any>} options @returns {any} why it cannot be asked for, if so */
  subscribe(feed, {credit, ...options}) {
    try {
      this.#queue.push({feed, credit, ways: this.#ways(feed, options)});
    } catch (error) {
      return error;
    }
    this.#startStreams();
    if (this.#queue.length > 0) {
      this.host.report(failure('too-many', `${feed.channel} waits: over event streams there are at most `
        + `${this.how.maxStreams} subscriptions at a time (maxEventStreams)`));
    }
    return undefined;
  }

  /**
   * Addresses that go on from where the feed stands, the best first. Its positions are exact, the last id may be a
   * little behind them: a connection that always breaks before the next id would never get on. But only the id
   * tells the gateway which topics were meant, and it stays short however many partitions there are.
   */
  #ways(feed, options) {
    const by = (mark) => streamAddress(this.how.url, feed.channel, options, mark).href;
    if (feed.mark === undefined) return [by(undefined)];
    const exact = feed.isPastMark ? [by(undefined)].filter((address) => address.length <= MAX_ADDRESS) : [];
    return [...exact, by(feed.mark)];
  }

  #startStreams() {
    const room = this.#isLost ? 0 : Math.max(0, this.how.maxStreams - this.#streams.size);
    for (const {feed, ways, credit} of this.#queue.splice(0, room)) this.start(feed, ways, credit);
  }

  /** @internal @param {Feed} feed @param {string[]} ways @param {number} [credit] */
  start(feed, ways, credit) {
    this.#streams.set(feed, new EventStream(this, feed, ways, credit));
  }

  /** @param {Feed} feed @param {() => void} onLeft */
  unsubscribe(feed, onLeft) {
    this.#streams.get(feed)?.close();
    this.#streams.delete(feed);
    this.#startStreams();
    onLeft();
  }

  grant(feed, records) {
    this.#streams.get(feed)?.grant(records);
  }

  /** @internal The stream of this feed is over, as the gateway meant it. */
  forget(feed) {
    this.#streams.delete(feed);
    this.#startStreams();
  }

  /** @returns {Promise<never>} there is nowhere to ask */
  ask(command) {
    return Promise.reject(failure('not-sent', `${command.type} needs a WebSocket; this connection has event streams`));
  }

  /** @param {Publish} publish @returns {any} why it was not sent, if it was not */
  publish(publish) {
    try {
      channelAddress(this.how.url, publish.channel);
    } catch (error) {
      return error;
    }
    this.#publishes.push(publish);
    this.publishesInFlight++;
    if (this.#publishes.length === 1) this.#post();
    return undefined;
  }

  async #post() {
    while (this.#publishes.length > 0) {
      const [publish] = this.#publishes;
      const isOver = await this.#postOne(publish);
      if (this.#isLost) return;
      this.#publishes.shift();
      this.publishesInFlight--;
      this.host.onQuiet(this);
      if (isOver) return;
    }
  }

  /** @returns {Promise<boolean>} whether the connection was lost over it */
  async #postOne(publish) {
    let headers;
    try {
      headers = {'Content-Type': 'application/json', 'Accept': 'application/json', ...await this.authorization()};
    } catch (cause) {
      publish.fail(Object.assign(failure('not-sent', 'the token callback failed; nothing was sent'), {cause}));
      return false;
    }
    if (this.#isLost) return true; // Its caller has been told that it was not sent.
    const {clock} = this.host;
    const timeout = new AbortController();
    const stop = () => timeout.abort();
    const timer = clock.setTimeout(stop, PUBLISH_TIMEOUT_MS);
    this.#abort.signal.addEventListener('abort', stop);
    try {
      this.#isPosted = true;
      const response = await this.how.fetch(channelAddress(this.how.url, publish.channel).href, {
        method: 'POST', headers, body: `{"records":${publish.text}}`, signal: timeout.signal, cache: 'no-store'});
      if (response.ok) publish.settle((await response.json()).records);
      else publish.fail(publishFailure(response.status, await problemOf(response)));
      return false;
    } catch {
      publish.loseTrack({});
      this.#lose('a publish was not answered');
      return true;
    } finally {
      this.#isPosted = false;
      clock.clearTimeout(timer);
      this.#abort.signal.removeEventListener('abort', stop);
    }
  }

  /** @internal @returns {Promise<Record<string, string>>} the headers that carry the token, where there is one */
  async authorization() {
    const {token: ask, timeoutMs} = this.how;
    const token = ask && await withinTime(this.host.clock, timeoutMs, Promise.resolve().then(ask));
    return token ? {Authorization: `Bearer ${token}`} : {};
  }

  /** Gives it up. */
  drop(code, reason) {
    this.#lose(reason);
  }

  #lose(reason) {
    this.lose({closeCode: 1006, reason});
  }

  /** @internal @param {{closeCode?: number, reason: string, retryAfterMs?: number}} why */
  lose(why) {
    if (this.#isLost) return;
    this.#isLost = true;
    this.host.clock.clearTimeout(this.#timer);
    this.#queue = [];
    for (const stream of this.#streams.values()) stream.close();
    this.#streams.clear();
    this.#abort.abort();
    const publishes = this.#publishes;
    this.#publishes = [];
    if (this.#isPosted) publishes.shift()?.loseTrack({});
    for (const publish of publishes) {
      publish.fail(failure('not-sent', 'the connection was lost before it was sent; nothing was sent'));
    }
    this.host.onLost(this, why);
  }
}

/** As `promise`, or a failure when it takes too long. */
function withinTime(clock, ms, promise) {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
    promise.then(resolve, reject).finally(() => clock.clearTimeout(timer));
  });
}
