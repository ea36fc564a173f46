/**
 * The protocol over a WebSocket.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

import {failure, failureOf, ProtocolError} from './errors.js';
import {exact, isObject} from './positions.js';
import {subprotocol} from './token.js';

/** @typedef {import('./feed.js').Feed} Feed */

/** A browser may close with 1000 or 3000-4999 only; these two are this client's own. */
const CLOSE_UNREADABLE = 4400;
const CLOSE_SILENT = 4408;

/** Of a gateway that names none. */
const DEFAULT_HEARTBEAT_MS = 20_000;

/**
 * One socket's life, from its opening to its loss: commands and their replies, the heartbeat. It reports
 * to its host through `onOpen`, `onPush`, `onQuiet` and `onLost`, the last exactly once.
 */
export class WebSocketConnection {
  /** @type {'websocket'} */ transport = 'websocket';
  isOpen = false;
  publishesInFlight = 0;
  /** What the gateway allows, of its `welcome`. @type {Record<string, any>} */ limits = {};

  /** Feeds by the number this gateway gave them. @type {Map<number, Feed>} */ #feeds = new Map();
  /** And the numbers by feed. @type {Map<Feed, number>} */ #numbers = new Map();
  /** @type {Map<number, {type: string, onReply: Function, onError: Function, onLost?: Function}>} */
  #requests = new Map();
  #nextId = 1;
  #socket;
  #isLost = false;
  #timer;
  #lastHeard;
  /** Asked whether it lives, and nothing heard since. */ #isProbed = false;

  /**
   * @param {import('./link.js').Link} host
   * @param {{url: string, WebSocket: any, timeoutMs: number, token?: string}} how `timeoutMs`: from opening the
   *     socket to its `welcome`
   */
  constructor(host, {url, WebSocket, timeoutMs, token}) {
    this.host = host;
    this.openedAt = host.clock.now();
    this.#lastHeard = this.openedAt;
    const offers = token ? ['sluice.v1.json', subprotocol(token)] : ['sluice.v1.json'];
    this.#socket = new WebSocket(url, offers);
    this.#socket.onmessage = (event) => this.#onMessage(event.data);
    this.#socket.onclose = (event) => this.#lose(event.code ?? 1006, event.reason ?? '');
    this.#socket.onerror = () => this.#onError();
    this.#timer = host.clock.setTimeout(
      () => this.drop(CLOSE_SILENT, 'the gateway did not answer in time'), timeoutMs);
  }

  /** @returns {any} why it was not sent, if it was not */
  subscribe(feed, options) {
    return this.#request({...options, type: 'subscribe', channel: feed.channel}, {
      type: 'subscribed',
      onReply: (reply) => {
        const number = exact(reply.subscription, 'subscription');
        this.#feeds.set(number, feed);
        this.#numbers.set(feed, number);
        feed.guard(() => feed.onSubscribed(reply));
      },
      onError: (error) => feed.onRefused(error),
    });
  }

  /** @param {Feed} feed @param {() => void} onLeft nothing of it follows */
  unsubscribe(feed, onLeft) {
    const subscription = this.#numbers.get(feed);
    this.#forget(feed);
    this.#request({type: 'unsubscribe', subscription}, {type: 'unsubscribed', onReply: onLeft, onError: onLeft});
  }

  /** Lets `records` more come. */
  grant(feed, records) {
    const subscription = this.#numbers.get(feed);
    this.#send({type: 'credit', subscription, records}); // Without an id: there is no reply.
  }

  /** @param {import('./outbox.js').Publish} publish @returns {any} why it was not sent, if it was not */
  publish(publish) {
    const refused = this.#request({type: 'publish', channel: publish.channel}, {
      type: 'published',
      onReply: ({records}) => publish.settle(records),
      onError: (error) => publish.fail(error),
      onLost: (closeCode) => publish.loseTrack({closeCode}),
    }, `"records":${publish.text}`);
    if (!refused) this.publishesInFlight++;
    return refused;
  }

  /** @returns {Promise<any>} the gateway's reply */
  ask(command, type) {
    return new Promise((resolve, reject) => {
      const onLost = () => reject(failure('not-sent', 'the connection was lost before the answer'));
      const refused = this.#request(command, {type, onReply: resolve, onError: reject, onLost});
      if (refused) reject(refused);
    });
  }

  /** @param {string} [more] a field that is JSON text already */
  #request(command, handlers, more) {
    const id = this.#nextId++;
    const refused = this.#send({...command, id}, more);
    if (!refused) this.#requests.set(id, handlers);
    return refused;
  }

  #send(command, more) {
    let text = JSON.stringify(command);
    if (more) text = `${text.slice(0, -1)},${more}}`;
    const limit = this.limits.maxMessageBytes;
    if (Number.isSafeInteger(limit) && text.length * 3 > limit) {
      const bytes = new TextEncoder().encode(text).length;
      if (bytes > limit) return failure('too-large', `${bytes} bytes; the gateway takes ${limit}`);
    }
    this.#socket.send(text);
    return undefined;
  }

  #onMessage(data) {
    if (this.#isLost) return;
    this.#lastHeard = this.host.clock.now();
    this.#isProbed = false;
    const message = read(data);
    if (!message) {
      this.host.report(failure('protocol', 'the gateway sent something that is not a message'));
      this.drop(CLOSE_UNREADABLE, 'not a message');
    } else if (message.type === 'welcome') this.#onWelcome(message);
    else if (!this.#onReply(message)) this.#onPush(message);
  }

  #onWelcome(message) {
    if (this.isOpen) return;
    this.isOpen = true;
    if (isObject(message.limits)) this.limits = message.limits;
    const asked = Number.isSafeInteger(message.heartbeatMs) ? message.heartbeatMs : DEFAULT_HEARTBEAT_MS;
    this.#watch(Math.max(1_000, asked));
    this.host.onOpen(this, message);
  }

  /** A browser sees no WebSocket ping, so a silent interval is answered with a `ping` of our own, a second is the end. */
  #watch(intervalMs) {
    const {clock} = this.host;
    const silentMs = clock.now() - this.#lastHeard;
    clock.clearTimeout(this.#timer);
    if (silentMs >= intervalMs && this.#isProbed) {
      this.drop(CLOSE_SILENT, 'the gateway has gone silent');
      return;
    }
    let waitMs = intervalMs - silentMs;
    if (silentMs >= intervalMs) {
      this.#isProbed = true;
      this.#send({type: 'ping'});
      waitMs = intervalMs;
    }
    this.#timer = clock.setTimeout(() => this.#watch(intervalMs), waitMs);
  }

  #onReply(message) {
    const request = this.#requests.get(message.id);
    if (!request || (message.type !== request.type && message.type !== 'error')) return false;
    this.#requests.delete(message.id);
    if (request.type === 'published') this.publishesInFlight--;
    if (message.type === 'error') {
      request.onError(failureOf(message));
    } else {
      try {
        request.onReply(message);
      } catch (error) {
        request.onError(error instanceof ProtocolError ? error : failure('protocol', String(error)));
      }
    }
    this.host.onQuiet(this);
    return true;
  }

  #onPush(message) {
    const feed = this.#feeds.get(message.subscription);
    if (!feed) {
      this.#onGeneralPush(message);
      return;
    }
    feed.guard(() => {
      switch (message.type) {
        case 'records': feed.onRecords(message.records); break;
        case 'gap': feed.onGap(message); break;
        case 'position': feed.onPosition(message.positions); break;
        case 'live': feed.onLive(); break;
        case 'ended':
          this.#forget(feed);
          feed.onEnded(message);
          break;
        default: // A later gateway may say more than we know.
      }
    });
  }

  #onGeneralPush(message) {
    if (message.type === 'draining') this.#learnStandings(message.subscriptions);
    this.host.onPush(this, message);
  }

  #learnStandings(standings) {
    if (!Array.isArray(standings)) return;
    for (const {subscription, positions} of standings.filter(isObject)) {
      const feed = this.#feeds.get(subscription);
      feed?.guard(() => feed.onPosition(positions));
    }
  }

  #forget(feed) {
    this.#feeds.delete(this.#numbers.get(feed) ?? -1);
    this.#numbers.delete(feed);
  }

  /** In browsers a close event follows at once and says more; not so in Node before 22, where the upgrade failed. */
  #onError() {
    const {clock} = this.host;
    clock.clearTimeout(this.#timer);
    this.#timer = clock.setTimeout(() => this.#lose(1006, ''), 0);
  }

  /** Gives the socket up without waiting for its close event, which on a dead network may take minutes. */
  drop(code, reason) {
    const socket = this.#socket;
    this.#lose(code, reason);
    try {
      socket.close(code, reason);
    } catch {
      socket.close();
    }
  }

  #lose(code, reason) {
    if (this.#isLost) return;
    this.#isLost = true;
    this.host.clock.clearTimeout(this.#timer);
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.onerror = () => {}; // In Node an error that nobody listens to ends the process.
    this.#feeds.clear();
    this.#numbers.clear();
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    for (const request of requests) request.onLost?.(code);
    this.host.onLost(this, {closeCode: code, reason});
  }
}

/** @returns {any} the message; nothing where it is not one */
function read(data) {
  if (typeof data !== 'string') return undefined;
  try {
    const message = JSON.parse(data);
    return isObject(message) ? message : undefined;
  } catch {
    return undefined;
  }
}
