// @ts-check
/**
 * Sluice's JavaScript client: Kafka topics over one WebSocket.
 *
 * One file, no dependency; copy it if you like. Works in browsers and in Node 20 or later (give a
 * `WebSocket` implementation there). It speaks `sluice.v1.json` on `/v1/ws`.
 *
 *     import {connect} from '/sluice.js';
 *     const client = connect();
 *     for await (const record of client.subscribe('orders')) console.log(record.key, record.value);
 *     const {partition, offset} = await client.publish('orders', {key: '42', value: {total: 12.5}});
 *
 * How the parts fit: a {@link Client} outlives its sockets; a `Connection` is one socket's life; a
 * `Feed` is one wire subscription and the positions it has reached; a {@link Subscription} is one
 * caller's share in a feed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/** @typedef {Record<string, Record<string, number>>} PositionMap topic → partition → next offset */
/** @typedef {{positions: PositionMap, topicIds: Record<string, string>}} ResumePoint */
/** @typedef {string | null | {base64: string}} Bytes a key or header: text, nothing, or other bytes */
/**
 * @typedef {object} SluiceRecord
 * @property {string} topic
 * @property {number} partition
 * @property {number} offset
 * @property {number | null} timestamp milliseconds since the epoch
 * @property {Bytes} key
 * @property {Record<string, Bytes | Bytes[]>} [headers]
 * @property {any} value parsed JSON; a string where `valueType` says `text` or `base64`; `null` alone is a
 *     tombstone
 * @property {'json' | 'text' | 'base64'} [valueType]
 */
/**
 * @typedef {object} Gap offsets in `[from, to)` that will not come
 * @property {string} topic
 * @property {number} partition
 * @property {number} from
 * @property {number | null} to `null` when the topic was made anew
 * @property {'overflow' | 'retention' | 'too-large' | 'topic-recreated' | 'client-overflow'} reason
 * @property {number} [size] bytes of the one record that was too large
 */
/**
 * @typedef {object} SubscribeOptions Every option that is not named here goes to the gateway as it is.
 * @property {'latest' | 'earliest' | ResumePoint | object} [from] default `latest`
 * @property {'replay' | 'skip' | 'end'} [overflow] what the gateway does when this client is too slow
 * @property {'auto' | 'json' | 'text' | 'base64'} [value]
 * @property {(record: SluiceRecord) => void} [onRecord] each record, as it comes
 * @property {(records: SluiceRecord[]) => void} [onRecords] each message's records; do not change the array
 * @property {(gap: Gap) => void} [onGap] offsets that will not come; without it a gap is a console warning
 * @property {() => void} [onLive] the head has been reached
 * @property {(resume: ResumePoint) => void} [onSubscribed] confirmed; also after each reconnect
 * @property {(error: SluiceError) => void} [onEnded] refused, or ended by the gateway; nothing follows
 * @property {number} [buffer] records that wait for the iterator before `whenFull` applies; default 10,000
 * @property {'pause' | 'skip'} [whenFull] default `pause`: leave the wire and come back for the rest, so that
 *     nothing is lost; `skip`: drop the oldest and report a gap
 */
/**
 * @typedef {object} OutgoingRecord
 * @property {any} value JSON; with `valueType` `text` or `base64` a string; `null` is a tombstone
 * @property {'json' | 'text' | 'base64'} [valueType]
 * @property {Bytes} [key]
 * @property {Record<string, Bytes | Bytes[]>} [headers]
 * @property {number} [partition]
 * @property {number} [timestamp]
 */
/** @typedef {{topic: string, partition: number, offset: number, timestamp: number}} Acknowledgement */
/** @typedef {'connecting' | 'open' | 'reconnecting' | 'closed'} State */
/**
 * @typedef {object} StateChange
 * @property {State} state
 * @property {number} attempt failed attempts since the last good connection
 * @property {number} [retryInMs] time until the next attempt, while `reconnecting`
 * @property {number} [closeCode] why the last socket closed
 * @property {string} [reason]
 */
/**
 * @typedef {object} ConnectOptions
 * @property {any} [WebSocket] the implementation; default the global one
 * @property {number} [connectTimeoutMs] from opening a socket to its `welcome`; default 10,000
 * @property {number} [backoffMinMs] upper bound of the first delay; default 500
 * @property {number} [backoffMaxMs] upper bound of every delay; default 30,000
 * @property {number} [publishWaitMs] how long a publish may wait for a connection; default 10,000
 * @property {number} [maxPendingPublishes] waiting and in flight; more are refused; default 10,000
 * @property {() => number} [random] in [0, 1); for tests
 * @property {{now: () => number, setTimeout: Function, clearTimeout: Function}} [clock] for tests
 */

/** Codes after which the same client would only be refused again. */
const FINAL_CLOSE_CODES = new Set([1002, 1003, 1007, 1008, 1010, 4401, 4403]);

/** Overload: the first delay after these is drawn as if this many attempts had failed. */
const CROWDED_CLOSE_CODES = new Set([1013, 4429]);
const CROWDED_ATTEMPTS = 3;

/** Failures of a subscribe that pass by themselves: asked again with back-off on the same socket. */
const PASSING_CODES = new Set(['unavailable', 'timeout', 'rate-limited']);

/** A browser may close with 1000 or 3000-4999 only; these two are this client's own. */
const CLOSE_UNREADABLE = 4400;
const CLOSE_SILENT = 4408;

/** A connection that lived this long was a good one: the next back-off starts from the beginning. */
const GOOD_CONNECTION_MS = 10_000;

/** Options of `subscribe` that stay in the client. */
const LOCAL_OPTIONS = new Set([
  'onRecord', 'onRecords', 'onGap', 'onLive', 'onSubscribed', 'onEnded', 'buffer', 'whenFull',
]);

/**
 * A failure with a `code` to switch on: one of the protocol's (`invalid`, `unknown-channel`, `forbidden`,
 * `unavailable`, `timeout`, …) or one of this client's:
 *
 * - `outcome-unknown`: the connection was lost before the answer; the record may or may not be stored
 * - `not-sent`: waited too long for a connection; nothing was sent, trying again is safe
 * - `partial`: some records of one publish failed; `details.results` holds each outcome
 * - `closed`: the client was closed, or the gateway said not to come back
 * - `protocol`: the gateway said something that cannot be true
 */
export class SluiceError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {Record<string, any>} [details] what else is known: `field`, `closeCode`, `positions`, …
   */
  constructor(code, message, details = {}) {
    super(message);
    this.name = 'SluiceError';
    this.code = code;
    this.details = details;
  }

  /** True when nothing was stored and trying again may succeed. */
  get retriable() {
    return this.code === 'unavailable' || this.code === 'not-sent' || this.code === 'rate-limited';
  }
}

/**
 * Opens a client. It connects at once and stays connected until `close()`.
 *
 * @param {string | URL} [url] `ws:`, `wss:`, `http:` or `https:`; the path
 *     defaults to `/v1/ws`, the host to the page's own
 * @param {ConnectOptions} [options]
 * @returns {Client}
 */
export function connect(url, options = {}) {
  const here = globalThis.location?.href;
  const target = new URL(url ?? '/v1/ws', here);
  if (target.pathname === '/') target.pathname = '/v1/ws';
  target.protocol = target.protocol.replace(/^http/, 'ws');
  return new Client(target.href, options);
}

/** The number, when it is one that JavaScript can hold exactly. */
function exact(value, what) {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new SluiceError('protocol', `${what} is not a whole number below 2^53: ${String(value)}`);
  }
  return value;
}

/** A caller's code may fail without harming the client or other callers. */
function tell(listener, ...values) {
  if (!listener) return;
  try {
    listener(...values);
  } catch (failure) {
    if (typeof globalThis.reportError === 'function') globalThis.reportError(failure);
    else console.error(failure);
  }
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON with sorted keys: the same wish always gives the same text. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  const names = Object.keys(value).filter((name) => value[name] !== undefined).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

/** Next offset by topic and partition. Maps, so that no name from outside can touch a prototype. */
class Positions {
  /** @type {Map<string, Map<number, number>>} */
  #topics = new Map();

  /** @returns {number | undefined} */
  next(topic, partition) {
    return this.#topics.get(topic)?.get(partition);
  }

  put(topic, partition, offset) {
    let partitions = this.#topics.get(topic);
    if (!partitions) this.#topics.set(topic, (partitions = new Map()));
    partitions.set(partition, offset);
  }

  raise(topic, partition, offset) {
    if (offset > (this.next(topic, partition) ?? -1)) this.put(topic, partition, offset);
  }

  partitions(topic) {
    return [...(this.#topics.get(topic)?.keys() ?? [])];
  }

  /** Calls back for each entry of a `{topic: {partition: offset}}` from outside; throws on nonsense. */
  static each(map, visit) {
    if (!isObject(map)) return;
    for (const [topic, partitions] of Object.entries(map)) {
      if (!isObject(partitions)) throw new SluiceError('protocol', `positions of ${topic} are not a map`);
      for (const [partition, offset] of Object.entries(partitions)) {
        visit(topic, exact(Number(partition), 'partition'), exact(offset, 'offset'));
      }
    }
  }

  /** @returns {PositionMap} */
  toObject() {
    const result = Object.create(null);
    for (const [topic, partitions] of this.#topics) {
      result[topic] = Object.create(null);
      for (const [partition, offset] of partitions) result[topic][partition] = offset;
    }
    return result;
  }
}

/**
 * One caller's share in a feed: an async iterator of records, or callbacks when `onRecord` or `onRecords`
 * was given. Leaving the loop (`break`, `return`, an exception) unsubscribes.
 */
export class Subscription {
  /** @type {Feed} */ #feed;
  /** @type {SubscribeOptions} */ #options;
  /** What waits for the iterator, in order: records, gaps and the live mark. @type {any[]} */
  #queue = [];
  #waitingRecords = 0;
  /** Dropped by `whenFull: 'skip'` and not yet reported. @type {Map<string, Gap>} */
  #skipped = new Map();
  /** @type {{resolve: (value: any) => any, reject: (reason: any) => any}[]} */ #readers = [];
  /** @type {{error?: SluiceError} | undefined} */ #end;
  /** Once it has ended: where the feed stood then; the feed itself may go on for others. @type {(() => ResumePoint) | undefined} */
  #stoodAt;
  #settleReady;

  /**
   * Resolves with the start position at the first `subscribed`; rejects when the gateway refuses.
   * @type {Promise<ResumePoint>}
   */
  ready;

  /** @param {Feed} feed @param {SubscribeOptions} options */
  constructor(feed, options) {
    this.#feed = feed;
    this.#options = options;
    this.ready = new Promise((resolve, reject) => (this.#settleReady = {resolve, reject}));
    this.ready.catch(() => {}); // Who does not ask is told by onEnded or the iterator.
  }

  /** @returns {string} */
  get channel() {
    return this.#feed.channel;
  }

  /**
   * Where to go on after what this caller has been given: store it and pass it as `from` of a later
   * subscribe, on any instance. With callbacks take it in `onRecords`: within `onRecord` it already counts
   * the whole message.
   *
   * @returns {ResumePoint}
   */
  get resumePoint() {
    const point = this.#stoodAt ? this.#stoodAt() : this.#feed.resumePoint();
    for (let i = this.#queue.length - 1; i >= 0; i--) {
      const item = this.#queue[i].record ?? this.#queue[i].gap;
      if (item) point.positions[item.topic][item.partition] = item.offset ?? item.from;
    }
    return point;
  }

  /** Stops: what was buffered is dropped, a waiting iterator ends. The last to leave ends the feed. */
  unsubscribe() {
    if (this.#end) return;
    this.#stand(this.resumePoint); // what is dropped now was never given
    this.#queue = [];
    this.#finish({});
    this.#feed.leave(this);
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** @returns {Promise<IteratorResult<SluiceRecord>>} */
  next() {
    if (this.#usesCallbacks()) {
      return Promise.reject(new SluiceError('invalid', 'this subscription has onRecord or onRecords'));
    }
    const record = this.#take();
    if (record) return Promise.resolve({value: record, done: false});
    if (this.#end) return this.#nextAfterEnd();
    return new Promise((resolve, reject) => this.#readers.push({resolve, reject}));
  }

  /** @returns {Promise<IteratorResult<SluiceRecord>>} */
  return() {
    this.unsubscribe();
    return Promise.resolve({value: undefined, done: true});
  }

  #nextAfterEnd() {
    const error = this.#end?.error;
    this.#end = {};
    return error ? Promise.reject(error) : Promise.resolve({value: undefined, done: true});
  }

  #usesCallbacks() {
    return Boolean(this.#options.onRecord || this.#options.onRecords);
  }

  #limit() {
    return Math.max(1, this.#options.buffer ?? 10_000);
  }

  /** The next waiting record, telling of the gaps and marks that stand before it. */
  #take() {
    for (const gap of this.#skipped.values()) this.#tellGap(gap);
    this.#skipped.clear();
    while (this.#queue.length > 0) {
      const item = this.#queue.shift();
      if (item.gap) this.#tellGap(item.gap);
      else if (item.live) tell(this.#options.onLive);
      else {
        this.#waitingRecords--;
        if (this.#waitingRecords <= this.#limit() / 2) this.#feed.resume(this);
        return item.record;
      }
    }
    return undefined;
  }

  #tellGap(gap) {
    if (this.#options.onGap) tell(this.#options.onGap, gap);
    else console.warn(`sluice: ${gap.topic}/${gap.partition} has a gap (${gap.reason})`, gap);
  }

  /** @internal @param {SluiceRecord[]} records */
  acceptRecords(records) {
    if (this.#end) return; // Another member's callback may have ended this one.
    if (!this.#usesCallbacks()) {
      for (const record of records) this.#acceptRecord(record);
      return;
    }
    tell(this.#options.onRecords, records);
    for (const record of this.#options.onRecord ? records : []) {
      if (this.#end) return;
      tell(this.#options.onRecord, record);
    }
  }

  #acceptRecord(record) {
    const reader = this.#readers.shift();
    if (reader) {
      reader.resolve({value: record, done: false});
      return;
    }
    this.#queue.push({record});
    this.#waitingRecords++;
    if (this.#options.whenFull === 'skip') {
      if (this.#waitingRecords > this.#limit()) this.#dropOldest();
    } else if (this.#waitingRecords >= this.#limit()) {
      this.#feed.pause(this);
    }
  }

  #dropOldest() {
    const at = this.#queue.findIndex((item) => item.record);
    const [{record}] = this.#queue.splice(at, 1);
    this.#waitingRecords--;
    const place = `${record.partition}/${record.topic}`;
    const from = this.#skipped.get(place)?.from ?? record.offset;
    const {topic, partition} = record;
    this.#skipped.set(place, {topic, partition, from, to: record.offset + 1, reason: 'client-overflow'});
  }

  /** @internal @param {Gap} gap */
  acceptGap(gap) {
    if (this.#end) return;
    if (this.#queue.length > 0) this.#queue.push({gap});
    else this.#tellGap(gap);
  }

  /** @internal */
  acceptLive() {
    if (this.#end) return;
    if (this.#queue.length > 0) this.#queue.push({live: true});
    else tell(this.#options.onLive);
  }

  /** @internal */
  acceptSubscribed() {
    if (this.#end) return;
    const point = this.#feed.resumePoint();
    this.#settleReady.resolve(point);
    tell(this.#options.onSubscribed, point);
  }

  /** @internal @param {SluiceError | undefined} error none when the client was closed by its owner */
  acceptEnd(error) {
    if (this.#end) return;
    this.#finish({error});
    if (error) tell(this.#options.onEnded, error);
  }

  /** @param {ResumePoint} point */
  #stand(point) {
    const text = JSON.stringify(point);
    this.#stoodAt = () => JSON.parse(text);
  }

  #finish(end) {
    this.#end = end;
    if (!this.#stoodAt) this.#stand(this.#feed.resumePoint());
    this.#settleReady.reject(end.error ?? new SluiceError('closed', 'the subscription was closed'));
    for (const reader of this.#readers.splice(0)) this.#nextAfterEnd().then(reader.resolve, reader.reject);
  }
}

/**
 * One wire subscription, shared by all callers with the same wish, and the positions it has reached.
 *
 * `settle()` compares what is wanted with the phase and sends at most one command:
 *
 *     idle ─subscribe→ subscribing ─subscribed→ active ─unsubscribe→ leaving ─unsubscribed→ idle
 *
 * A lost connection puts every phase back to idle.
 */
class Feed {
  phase = 'idle';
  /** @type {Set<Subscription>} */ #members = new Set();
  /** Members whose buffer is full. @type {Set<Subscription>} */ #full = new Set();
  #started = false;
  #positions = new Positions();
  /** @type {Map<string, string>} */ #topicIds = new Map();
  /** Partitions whose `topic-recreated` gap is still to come, the new topic id being known already. */
  #renewed = new Set();
  #number = -1;
  #isLive = false;
  #failures = 0;
  #retry;

  /** @param {Client} client @param {string} channel @param {Record<string, any>} wish @param {string} name */
  constructor(client, channel, wish, name) {
    this.client = client;
    this.channel = channel;
    this.wish = wish;
    this.name = name;
  }

  get isAbandoned() {
    return this.#members.size === 0;
  }

  /** @param {Subscription} member */
  join(member) {
    this.#members.add(member);
    if (this.phase !== 'active') return;
    queueMicrotask(() => {
      if (!this.#members.has(member)) return;
      member.acceptSubscribed();
      if (this.#isLive) member.acceptLive();
    });
  }

  leave(member) {
    this.#members.delete(member);
    this.#full.delete(member);
    if (this.isAbandoned) this.client.forget(this);
    this.client.settle();
  }

  pause(member) {
    this.#full.add(member);
    this.client.settle();
  }

  resume(member) {
    if (this.#full.delete(member)) this.client.settle();
  }

  /** @returns {ResumePoint} */
  resumePoint() {
    const topicIds = Object.create(null);
    for (const [topic, id] of this.#topicIds) topicIds[topic] = id;
    return {positions: this.#positions.toObject(), topicIds};
  }

  /** @param {Connection} connection */
  settle(connection) {
    const wanted = this.#members.size > 0 && this.#full.size === 0;
    if (this.phase === 'idle' && wanted && this.#retry === undefined) this.#subscribe(connection);
    else if (this.phase === 'active' && !wanted) this.#unsubscribe(connection);
  }

  #subscribe(connection) {
    const from = this.#started ? {from: this.resumePoint()} : {};
    const command = {...this.wish, ...from, type: 'subscribe', channel: this.channel};
    this.phase = 'subscribing';
    const refused = connection.request(command, {
      type: 'subscribed',
      onReply: (reply) => this.#onSubscribed(connection, reply),
      onError: (error) => this.#onRefused(error),
    });
    if (refused) {
      this.phase = 'idle';
      this.fail(refused);
    }
  }

  #onSubscribed(connection, reply) {
    this.#number = exact(reply.subscription, 'subscription');
    this.#failures = 0;
    this.#isLive = false;
    if (reply.reset === true) this.#positions = new Positions();
    this.#learnTopicIds(reply.topicIds);
    Positions.each(reply.positions, (topic, partition, offset) => {
      // On a resume our own positions are the exact ones; only partitions that are new to us are learnt.
      if (this.#positions.next(topic, partition) === undefined) this.#positions.put(topic, partition, offset);
    });
    this.#started = true;
    this.phase = 'active';
    connection.feeds.set(this.#number, this);
    for (const member of [...this.#members]) member.acceptSubscribed();
    this.client.settle();
  }

  #learnTopicIds(topicIds) {
    if (!isObject(topicIds)) return;
    for (const [topic, id] of Object.entries(topicIds)) {
      if (typeof id !== 'string') continue;
      const known = this.#topicIds.get(topic);
      if (known !== undefined && known !== id) {
        for (const partition of this.#positions.partitions(topic)) {
          this.#positions.put(topic, partition, 0);
          this.#renewed.add(`${partition}/${topic}`);
        }
      }
      this.#topicIds.set(topic, id);
    }
  }

  #onRefused(error) {
    this.phase = 'idle';
    if (!this.isAbandoned && PASSING_CODES.has(error.code)) this.#tryLater();
    else this.fail(error);
    this.client.settle();
  }

  #tryLater() {
    this.#retry = this.client.clock.setTimeout(() => {
      this.#retry = undefined;
      this.client.settle();
    }, this.client.backoff(++this.#failures));
  }

  /** What made the last try fail may be over. */
  tryNow() {
    this.client.clock.clearTimeout(this.#retry);
    this.#retry = undefined;
  }

  #unsubscribe(connection) {
    this.phase = 'leaving';
    connection.feeds.delete(this.#number);
    const left = () => {
      this.phase = 'idle';
      this.client.settle();
    };
    const command = {type: 'unsubscribe', subscription: this.#number};
    connection.request(command, {type: 'unsubscribed', onReply: left, onError: left});
  }

  onLost() {
    this.phase = 'idle';
    this.tryNow();
  }

  onRecords(records) {
    if (!Array.isArray(records)) throw new SluiceError('protocol', 'records is not a list');
    const fresh = records.filter((record) => this.#isFresh(record));
    if (fresh.length > 0) for (const member of [...this.#members]) member.acceptRecords(fresh);
  }

  /** Drops what was delivered before: after a resume the gateway may send from a little earlier. */
  #isFresh(record) {
    if (!isObject(record) || typeof record.topic !== 'string') {
      throw new SluiceError('protocol', 'a record has no topic');
    }
    const partition = exact(record.partition, 'partition');
    const offset = exact(record.offset, 'offset');
    if (offset < (this.#positions.next(record.topic, partition) ?? 0)) return false;
    this.#positions.put(record.topic, partition, offset + 1);
    return true;
  }

  onGap({topic, partition, from, to, reason, size}) {
    if (typeof topic !== 'string') throw new SluiceError('protocol', 'a gap has no topic');
    exact(partition, 'partition');
    if (reason === 'topic-recreated') {
      this.#onTopicRecreated(topic, partition);
    } else {
      if (exact(to, 'offset') <= (this.#positions.next(topic, partition) ?? 0)) return;
      this.#positions.put(topic, partition, to);
    }
    const gap = {topic, partition, from, to: to ?? null, reason, ...(size === undefined ? {} : {size})};
    for (const member of [...this.#members]) member.acceptGap(gap);
  }

  #onTopicRecreated(topic, partition) {
    // Offsets count from the start again. A topic id that we hold is the old one, unless `subscribed`
    // has just brought it; an old one would make the next resume read everything once more.
    this.#positions.put(topic, partition, 0);
    if (!this.#renewed.delete(`${partition}/${topic}`)) this.#topicIds.delete(topic);
  }

  onPosition(positions) {
    Positions.each(positions, (topic, partition, offset) => this.#positions.raise(topic, partition, offset));
  }

  onLive() {
    this.#isLive = true;
    for (const member of [...this.#members]) member.acceptLive();
  }

  onEnded(message) {
    this.onPosition(message.positions);
    this.#onRefused(
      new SluiceError(String(message.code ?? 'internal'), String(message.message ?? 'ended by the gateway'), {
        ...this.resumePoint(),
      }),
    );
  }

  /** Ends it for every member. @param {SluiceError} [error] */
  fail(error) {
    this.tryNow();
    this.client.forget(this);
    const members = [...this.#members];
    this.#members.clear();
    this.#full.clear();
    for (const member of members) member.acceptEnd(error);
  }
}

/**
 * One socket's life, from its opening to its loss: commands and their replies, the heartbeat. It reports
 * to its client through `onWelcome`, `onMessage` and `onLost`, the last exactly once.
 */
class Connection {
  /** Feeds by the number this gateway gave them. @type {Map<number, Feed>} */ feeds = new Map();
  /** @type {Map<number, {type: string, onReply: Function, onError: Function, onLost?: Function}>} */
  #requests = new Map();
  #nextId = 1;
  #socket;
  #isLost = false;
  #timer;
  #lastHeard;
  #probeSent;
  limits = {};
  isWelcome = false;
  publishesInFlight = 0;

  /** @param {Client} client @param {string} url @param {any} WebSocketClass @param {number} timeoutMs */
  constructor(client, url, WebSocketClass, timeoutMs) {
    this.client = client;
    this.openedAt = client.clock.now();
    this.#lastHeard = this.openedAt;
    this.#socket = new WebSocketClass(url, ['sluice.v1.json']);
    this.#socket.onmessage = (event) => this.#onMessage(event.data);
    this.#socket.onclose = (event) => this.#lose(event.code ?? 1006, event.reason ?? '');
    this.#socket.onerror = () => {}; // A close event follows and says more.
    this.#timer = client.clock.setTimeout(
      () => this.drop(CLOSE_SILENT, 'the gateway did not answer in time'), timeoutMs);
  }

  /**
   * Sends a command whose reply is of `type`.
   *
   * @returns {SluiceError | undefined} why it was not sent
   */
  request(command, handlers) {
    const id = this.#nextId++;
    let text;
    try {
      text = JSON.stringify({id, ...command});
    } catch (failure) {
      return new SluiceError('invalid', `cannot be written as JSON: ${failure}`);
    }
    const limit = this.limits.maxMessageBytes;
    if (Number.isSafeInteger(limit) && text.length * 3 > limit) {
      const bytes = new TextEncoder().encode(text).length;
      if (bytes > limit) return new SluiceError('too-large', `${bytes} bytes; the gateway takes ${limit}`);
    }
    this.#requests.set(id, handlers);
    if (handlers.type === 'published') this.publishesInFlight++;
    this.#socket.send(text);
    return undefined;
  }

  #onMessage(data) {
    if (this.#isLost) return;
    this.#lastHeard = this.client.clock.now();
    this.#probeSent = undefined;
    let message;
    try {
      message = typeof data === 'string' ? JSON.parse(data) : undefined;
    } catch {
      message = undefined;
    }
    if (!isObject(message)) {
      const error = new SluiceError('protocol', 'the gateway sent something that is not a message');
      this.client.emit('error', error);
      this.drop(CLOSE_UNREADABLE, 'not a message');
      return;
    }
    if (message.type === 'welcome') this.#onWelcome(message);
    else if (!this.#onReply(message)) this.#onPush(message);
  }

  #onWelcome(message) {
    if (this.isWelcome) return;
    this.isWelcome = true;
    if (isObject(message.limits)) this.limits = message.limits;
    const asked = Number.isSafeInteger(message.heartbeatMs) ? message.heartbeatMs : 20_000;
    this.#watch(Math.max(1_000, asked));
    this.client.onWelcome(this, message);
  }

  /** A browser sees no WebSocket ping, so a silent interval is answered with a `ping` of our own. */
  #watch(intervalMs) {
    const {clock} = this.client;
    clock.clearTimeout(this.#timer);
    this.#timer = clock.setTimeout(() => {
      const now = clock.now();
      if (this.#probeSent !== undefined && now - this.#probeSent >= intervalMs) {
        this.drop(CLOSE_SILENT, 'the gateway has gone silent');
        return;
      }
      if (this.#probeSent === undefined && now - this.#lastHeard >= intervalMs) {
        this.#probeSent = now;
        const ignore = () => {};
        this.request({type: 'ping'}, {type: 'pong', onReply: ignore, onError: ignore});
      }
      this.#watch(intervalMs);
    }, intervalMs);
  }

  #onReply(message) {
    const request = this.#requests.get(message.id);
    if (!request || (message.type !== request.type && message.type !== 'error')) return false;
    this.#requests.delete(message.id);
    if (request.type === 'published') this.publishesInFlight--;
    if (message.type === 'error') {
      request.onError(errorOf(message));
    } else {
      try {
        request.onReply(message);
      } catch (failure) {
        request.onError(failure instanceof SluiceError ? failure : new SluiceError('protocol', String(failure)));
      }
    }
    this.client.onQuiet(this);
    return true;
  }

  #onPush(message) {
    const feed = this.feeds.get(message.subscription);
    if (!feed) {
      this.client.onPush(this, message);
      return;
    }
    try {
      switch (message.type) {
        case 'records': feed.onRecords(message.records); break;
        case 'gap': feed.onGap(message); break;
        case 'position': feed.onPosition(message.positions); break;
        case 'live': feed.onLive(); break;
        case 'ended':
          this.feeds.delete(message.subscription);
          feed.onEnded(message);
          break;
        default: // A later gateway may say more than we know.
      }
    } catch (failure) {
      if (!(failure instanceof SluiceError)) throw failure;
      // What cannot be read exactly cannot be resumed exactly: this feed ends, the others go on.
      feed.fail(failure);
      this.client.settle();
    }
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
    this.client.clock.clearTimeout(this.#timer);
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.feeds.clear();
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    for (const request of requests) request.onLost?.(code, reason);
    this.client.onLost(this, code, reason);
  }
}

function errorOf(message) {
  const {type, id, code, message: text, ...details} = message;
  return new SluiceError(String(code ?? 'internal'), String(text ?? code ?? 'failed'), details);
}

/** @param {any} outcome @returns {Acknowledgement | SluiceError} */
function outcomeOf(outcome) {
  if (!isObject(outcome)) return new SluiceError('protocol', 'the gateway left an outcome out');
  if (isObject(outcome.error)) return errorOf(outcome.error);
  const {topic, partition, offset, timestamp} = outcome;
  return {topic, partition: exact(partition, 'partition'), offset: exact(offset, 'offset'), timestamp};
}

/** A client of the gateway: made by {@link connect}, connected until {@link Client#close}. */
export class Client {
  #url;
  #options;
  #WebSocket;
  /** @type {State} */ #state = 'connecting';
  /** @type {Connection | undefined} */ #connection;
  #attempt = 0;
  #timer;
  /** Set by `draining`: when to move, on the client's clock. @type {number | undefined} */ #moveAt;
  #moveTimer;
  /** Those that can still be joined, by wish. @type {Map<string, Feed>} */ #shared = new Map();
  /** All that are or will be on the wire. @type {Set<Feed>} */ #feeds = new Set();
  /** Publishes that wait for a connection. @type {Set<any>} */ #outbox = new Set();
  /** @type {Map<string, Set<Function>>} */ #listeners = new Map();
  #onOnline = () => this.#onNetworkBack();
  /** @type {'unknown' | 'available' | 'unavailable'} */ kafka = 'unknown';

  /** @param {string} url @param {ConnectOptions} options */
  constructor(url, options) {
    this.#url = url;
    this.#options = options;
    this.#WebSocket = options.WebSocket ?? globalThis.WebSocket;
    if (!this.#WebSocket) throw new SluiceError('invalid', 'no WebSocket here: pass options.WebSocket');
    /** @internal */
    this.clock = options.clock ?? {
      now: () => performance.now(),
      setTimeout: (task, ms) => globalThis.setTimeout(task, ms),
      clearTimeout: (timer) => globalThis.clearTimeout(timer),
    };
    globalThis.addEventListener?.('online', this.#onOnline);
    this.#open();
  }

  /** @returns {State} */
  get state() {
    return this.#state;
  }

  /**
   * Listens: `state` ({@link StateChange}), `status` (`{kafka}`), `welcome`, `draining`, `error`
   * ({@link SluiceError} that belongs to no call).
   *
   * @param {'state' | 'status' | 'welcome' | 'draining' | 'error'} name
   * @param {(event: any) => void} listener
   * @returns {() => void} stops listening
   */
  on(name, listener) {
    let listeners = this.#listeners.get(name);
    if (!listeners) this.#listeners.set(name, (listeners = new Set()));
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** @internal */
  emit(name, event) {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) tell(listener, event);
  }

  /**
   * Subscribes, now or as soon as there is a connection, and again after each reconnect from exactly where
   * it was. Callers with the same channel and options share one wire subscription; one who comes late gets
   * what comes from then on.
   *
   * @param {string} channel
   * @param {SubscribeOptions} [options]
   * @returns {Subscription}
   */
  subscribe(channel, options = {}) {
    this.#requireNotClosed();
    if (typeof channel !== 'string') throw new SluiceError('invalid', 'channel is not a string');
    const wish = Object.fromEntries(Object.entries(options).filter(([name]) => !LOCAL_OPTIONS.has(name)));
    const name = canonical({...wish, from: wish.from ?? 'latest', channel});
    let feed = this.#shared.get(name);
    if (!feed) {
      feed = new Feed(this, channel, wish, name);
      this.#shared.set(name, feed);
      this.#feeds.add(feed);
    }
    const subscription = new Subscription(feed, options);
    feed.join(subscription);
    this.settle();
    return subscription;
  }

  /**
   * Publishes one record, or several in one command. Resolves when Kafka has stored it on all in-sync
   * replicas. While there is no connection it waits, `publishWaitMs` at most; a record that was sent is
   * never sent twice.
   *
   * @template {OutgoingRecord | OutgoingRecord[]} R
   * @param {string} channel
   * @param {R} records
   * @returns {Promise<R extends any[] ? Acknowledgement[] : Acknowledgement>}
   */
  publish(channel, records) {
    const list = Array.isArray(records) ? records : [records];
    return new Promise((resolve, reject) => {
      this.#requireNotClosed();
      const max = this.#options.maxPendingPublishes ?? 10_000;
      if (this.#outbox.size + (this.#connection?.publishesInFlight ?? 0) >= max) {
        throw new SluiceError('too-many', `${max} publishes are pending already`);
      }
      for (const record of list) {
        if (!isObject(record) || record.value === undefined) {
          throw new SluiceError('invalid', 'a record needs a value; null is a tombstone', {field: 'value'});
        }
      }
      const command = {type: 'publish', channel, records: list};
      const publish = {command, isSingle: list !== records, resolve, reject, timer: undefined};
      if (this.#canSend()) this.#send(publish);
      else this.#waitForConnection(publish);
    });
  }

  /** @returns {Promise<number>} milliseconds to the gateway and back; rejects when there is no connection */
  ping() {
    return new Promise((resolve, reject) => {
      this.#requireNotClosed();
      if (!this.#canSend()) throw new SluiceError('not-sent', 'not connected');
      const start = this.clock.now();
      this.#connection?.request({type: 'ping'}, {
        type: 'pong',
        onReply: () => resolve(this.clock.now() - start),
        onError: reject,
        onLost: () => reject(new SluiceError('not-sent', 'the connection was lost')),
      });
    });
  }

  /** Closes for good: iterators end, waiting publishes are `closed`, those in flight `outcome-unknown`. */
  close() {
    if (this.#state === 'closed') return;
    this.#finish(undefined, {closeCode: 1000, reason: ''});
  }

  #requireNotClosed() {
    if (this.#state === 'closed') throw new SluiceError('closed', 'the client is closed');
  }

  #canSend() {
    return this.#state === 'open' && !this.#isLeaving();
  }

  #waitForConnection(publish) {
    const waitMs = this.#options.publishWaitMs ?? 10_000;
    publish.timer = this.clock.setTimeout(() => {
      this.#outbox.delete(publish);
      publish.reject(new SluiceError('not-sent', `no connection within ${waitMs} ms; nothing was sent`));
    }, waitMs);
    this.#outbox.add(publish);
  }

  #send({command, isSingle, resolve, reject}) {
    const refused = this.#connection?.request(command, {
      type: 'published',
      onReply: ({records}) => {
        const results = command.records.map((_, i) => outcomeOf(records?.[i]));
        const failures = results.filter((result) => result instanceof SluiceError);
        if (failures.length === 0) resolve(isSingle ? results[0] : results);
        else if (isSingle) reject(failures[0]);
        else {
          const text = `${failures.length} of ${results.length} records failed`;
          reject(new SluiceError('partial', text, {results}));
        }
      },
      onError: reject,
      onLost: (closeCode) => reject(new SluiceError('outcome-unknown',
        'the connection was lost before the answer; the record may or may not be stored', {closeCode})),
    });
    if (refused) reject(refused);
  }

  #open() {
    this.#timer = undefined;
    const timeoutMs = this.#options.connectTimeoutMs ?? 10_000;
    this.#connection = new Connection(this, this.#url, this.#WebSocket, timeoutMs);
  }

  #changeState(state, more = {}) {
    this.#state = state;
    this.emit('state', {state, attempt: this.#attempt, ...more});
  }

  /** Full jitter: anything between nothing and an upper bound that doubles, so that many clients spread. */
  backoff(attempt) {
    const min = this.#options.backoffMinMs ?? 500;
    const max = this.#options.backoffMaxMs ?? 30_000;
    return (this.#options.random ?? Math.random)() * Math.min(max, min * 2 ** Math.min(attempt - 1, 30));
  }

  /** Brings every feed to what its members want, as far as the connection allows. */
  settle() {
    const connection = this.#connection;
    if (this.#state !== 'open' || !connection || this.#isLeaving()) return;
    for (const feed of [...this.#feeds]) {
      if (feed.isAbandoned && feed.phase === 'idle') {
        this.#feeds.delete(feed);
        continue;
      }
      // The gateway may give the next subscription of a channel the same number: the old one leaves first.
      if (feed.phase === 'idle' && this.#isBeingLeft(feed.channel, feed)) continue;
      feed.settle(connection);
    }
  }

  #isBeingLeft(channel, except) {
    for (const feed of this.#feeds) {
      if (feed === except || feed.channel !== channel) continue;
      if (feed.phase === 'leaving' || (feed.isAbandoned && feed.phase !== 'idle')) return true;
    }
    return false;
  }

  /** Nobody can join it any more. @internal @param {Feed} feed */
  forget(feed) {
    if (this.#shared.get(feed.name) === feed) this.#shared.delete(feed.name);
    feed.tryNow();
    if (feed.phase === 'idle') this.#feeds.delete(feed);
  }

  /** @internal @param {Connection} connection */
  onWelcome(connection, message) {
    if (connection !== this.#connection) return;
    this.#state = 'open';
    this.settle();
    for (const publish of [...this.#outbox]) {
      this.#outbox.delete(publish);
      this.clock.clearTimeout(publish.timer);
      this.#send(publish);
    }
    this.#changeState('open');
    this.emit('welcome', message);
  }

  /** @internal */
  onPush(connection, message) {
    switch (message.type) {
      case 'status': this.#onStatus(message.kafka); break;
      case 'draining': this.#onDraining(connection, message); break;
      case 'error': this.emit('error', errorOf(message)); break;
      default: // Unknown to this version, or of a subscription that was just left.
    }
  }

  #onStatus(kafka) {
    if (kafka !== 'available' && kafka !== 'unavailable') return;
    this.#learnKafka(kafka);
    if (kafka === 'unavailable') return;
    for (const feed of this.#feeds) feed.tryNow();
    this.settle();
  }

  #learnKafka(kafka) {
    if (this.kafka === kafka) return;
    this.kafka = kafka;
    this.emit('status', {kafka});
  }

  /** The instance goes away: move when it says, earlier only if the socket closes earlier. */
  #onDraining(connection, message) {
    if (this.#moveAt !== undefined) return;
    const asked = message.reconnectAfterMs;
    const afterMs = Number.isSafeInteger(asked) && asked >= 0 ? Math.min(asked, 600_000) : 0;
    this.#moveAt = this.clock.now() + afterMs;
    this.emit('draining', {reconnectAfterMs: afterMs});
    const told = Array.isArray(message.subscriptions) ? message.subscriptions : [];
    for (const {subscription, positions} of told.filter(isObject)) {
      connection.feeds.get(subscription)?.onPosition(positions);
    }
    this.#moveTimer = this.clock.setTimeout(() => {
      this.#moveAt = this.clock.now(); // A timer may fire a fraction of a millisecond early.
      this.onQuiet(connection);
    }, afterMs);
  }

  #isLeaving() {
    return this.#moveAt !== undefined && this.clock.now() >= this.#moveAt;
  }

  /** After each reply: a socket to be left is left as soon as no publish waits for its answer. @internal */
  onQuiet(connection) {
    if (connection !== this.#connection || !this.#isLeaving() || connection.publishesInFlight > 0) return;
    connection.drop(1000, 'moving on');
  }

  /** @internal */
  onLost(connection, closeCode, reason) {
    if (connection !== this.#connection) return;
    this.#connection = undefined;
    this.#learnKafka('unknown'); // The next gateway says so if it cannot reach Kafka.
    for (const feed of [...this.#feeds]) {
      feed.onLost();
      if (feed.isAbandoned) this.#feeds.delete(feed);
    }
    if (this.#state === 'closed') return;
    if (FINAL_CLOSE_CODES.has(closeCode)) {
      const why = `the gateway closed the connection for good: ${closeCode} ${reason}`.trimEnd();
      this.#finish(new SluiceError('closed', why, {closeCode, reason}), {closeCode, reason});
      return;
    }
    const delay = this.#delayAfter(connection, closeCode);
    this.clock.clearTimeout(this.#moveTimer);
    this.#moveAt = undefined;
    this.#timer = this.clock.setTimeout(() => this.#open(), delay);
    this.#changeState('reconnecting', {retryInMs: delay, closeCode, reason});
  }

  #delayAfter(connection, closeCode) {
    const now = this.clock.now();
    if (connection.isWelcome && now - connection.openedAt >= GOOD_CONNECTION_MS) this.#attempt = 0;
    if (this.#moveAt !== undefined) return Math.max(0, this.#moveAt - now); // Jittered by the gateway.
    this.#attempt++;
    const crowd = CROWDED_CLOSE_CODES.has(closeCode) ? CROWDED_ATTEMPTS : 0;
    return this.backoff(this.#attempt + crowd);
  }

  #onNetworkBack() {
    if (this.#state !== 'reconnecting' || this.#timer === undefined) return;
    this.clock.clearTimeout(this.#timer);
    this.#attempt = 1;
    this.#timer = this.clock.setTimeout(() => this.#open(), this.backoff(1));
  }

  #finish(error, more) {
    this.#changeState('closed', more);
    globalThis.removeEventListener?.('online', this.#onOnline);
    this.clock.clearTimeout(this.#timer);
    this.clock.clearTimeout(this.#moveTimer);
    for (const publish of this.#outbox) {
      this.clock.clearTimeout(publish.timer);
      publish.reject(error ?? new SluiceError('closed', 'the client was closed; nothing was sent'));
    }
    this.#outbox.clear();
    this.#connection?.drop(1000, '');
    for (const feed of [...this.#feeds]) feed.fail(error);
    this.#feeds.clear();
  }
}
