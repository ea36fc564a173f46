/**
 * One subscription over an event stream.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

import {failure, ProtocolError} from './errors.js';
import {EventStreamParser} from './event-stream-parser.js';
import {httpLoss, problemOf, streamFailure} from './http-answer.js';
import {isObject} from './positions.js';

/** The gateway writes at least a comment this often, where it does not say how often. */
const STREAM_HEARTBEAT_MS = 20_000;

/**
 * One request and its answer, told to its feed block by block. Where the feed has a credit no more is read than it
 * allows: then TCP slows the gateway down.
 */
export class EventStream {
  #connection;
  #feed;
  #otherWays;
  #abort = new AbortController();
  #parser = new EventStreamParser();
  /** Read and not told yet. @type {any[]} */ #blocks = [];
  /** Records that may still be told; not set where nothing limits them. @type {number | undefined} */ #credit;
  #onGrant = () => {};
  #heartbeatMs = STREAM_HEARTBEAT_MS;
  #timer;
  /** Whether nothing was read for so long that the gateway may have ended this stream, and this one only. */
  #hasStoodStill = false;
  #isOver = false;

  /**
   * @param {import('./event-stream-connection.js').EventStreamConnection} connection
   * @param {import('./feed.js').Feed} feed
   * @param {string[]} ways addresses; the next is taken where the topics are not those that the feed knows
   * @param {number} [credit] records that may come at first; unlimited where there is none
   */
  constructor(connection, feed, [address, ...otherWays], credit) {
    this.#connection = connection;
    this.#feed = feed;
    this.#otherWays = otherWays;
    this.#credit = credit;
    this.#run(address);
  }

  grant(records) {
    this.#credit = (this.#credit ?? 0) + records;
    this.#onGrant();
  }

  /** Nothing more is told. */
  close() {
    this.#isOver = true;
    this.#connection.host.clock.clearTimeout(this.#timer);
    this.#abort.abort();
    this.#onGrant();
  }

  async #run(address) {
    try {
      this.#watch(this.#connection.how.timeoutMs);
      const response = await this.#request(address);
      if (this.#isOver) return;
      if (!response.ok) await this.#onRefusal(response);
      else await this.#read(response);
    } catch (error) {
      this.#break(error instanceof ProtocolError ? error.message : 'the event stream broke');
    }
  }

  /** @returns {Promise<Response>} */
  async #request(address) {
    const headers = {Accept: 'text/event-stream', ...await this.#connection.authorization()};
    return this.#connection.how.fetch(address, {headers, cache: 'no-store', signal: this.#abort.signal});
  }

  async #onRefusal(response) {
    const problem = await problemOf(response);
    if (this.#isOver) return;
    const error = streamFailure(problem);
    if (error?.code === 'offset-out-of-range' && this.#otherWays.length > 0) this.#goAnotherWay();
    else if (error) this.#finish(() => this.#feed.onRefused(error));
    else this.#break(httpLoss(response, problem));
  }

  async #read(response) {
    if (!(response.headers.get('Content-Type') ?? '').startsWith('text/event-stream')) {
      throw failure('protocol', 'the answer is no event stream');
    }
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      this.#tell();
      if (this.#isOver) return;
      if (this.#blocks.length > 0) {
        if (this.#credit === 0) await this.#granted(); // It may have been granted while it was told.
        continue;
      }
      this.#watch(2 * this.#heartbeatMs);
      const {done, value} = await reader.read();
      if (this.#isOver) return;
      if (done) throw failure('protocol', 'the event stream ended');
      this.#blocks = this.#parser.push(decoder.decode(value, {stream: true}));
    }
  }

  /** Until there is credit for the next record; silence is not the gateway's meanwhile. */
  async #granted() {
    const {clock} = this.#connection.host;
    clock.clearTimeout(this.#timer);
    const since = clock.now();
    await new Promise((resolve) => (this.#onGrant = () => resolve(undefined)));
    if (clock.now() - since >= this.#heartbeatMs) this.#hasStoodStill = true;
  }

  #watch(ms) {
    const {clock} = this.#connection.host;
    clock.clearTimeout(this.#timer);
    this.#timer = clock.setTimeout(() => this.#break('the gateway has gone silent'), ms);
  }

  /** Tells what has been read, as far as the credit goes; records that follow each other together. */
  #tell() {
    let records = [];
    const tellRecords = () => {
      const told = records;
      records = [];
      if (told.length > 0) this.#guard(() => this.#feed.onRecords(told));
    };
    while (this.#blocks.length > 0 && !this.#isOver) {
      const [{event, data, id}] = this.#blocks;
      const isRecord = data !== undefined && (event === undefined || event === 'message');
      if (isRecord && this.#credit !== undefined && this.#credit-- <= 0) {
        this.#credit = 0;
        break;
      }
      this.#blocks.shift();
      if (isRecord) records.push(message(data));
      else {
        tellRecords();
        if (data !== undefined) this.#onEvent(event, message(data));
      }
      if (id !== undefined && !this.#isOver) {
        tellRecords();
        this.#feed.onMark(id);
      }
    }
    tellRecords();
  }

  #onEvent(name, event) {
    if (this.#isOver) return;
    switch (name) {
      case 'subscribed': this.#onSubscribed(event); break;
      case 'gap': this.#guard(() => this.#feed.onGap(event)); break;
      case 'position': this.#guard(() => this.#feed.onPosition(event.positions)); break;
      case 'live': this.#guard(() => this.#feed.onLive()); break;
      case 'ended': this.#finish(() => this.#feed.guard(() => this.#feed.onEnded(event))); break;
      default:
        if (name === 'welcome' && Number.isSafeInteger(event.heartbeatMs)) {
          this.#heartbeatMs = Math.max(1_000, event.heartbeatMs);
        }
        this.#connection.host.onPush(this.#connection, {...event, type: name});
    }
  }

  #onSubscribed(event) {
    if (this.#otherWays.length > 0 && this.#feed.isOfOtherTopics(event.topicIds)) this.#goAnotherWay();
    else this.#guard(() => this.#feed.onSubscribed(event));
  }

  /** Positions mean nothing in a topic that was made anew; the last id says of which they were. */
  #goAnotherWay() {
    this.close();
    this.#connection.start(this.#feed, this.#otherWays, this.#credit);
  }

  #guard(action) {
    if (!this.#isOver) this.#feed.guard(action); // Whoever was told of the last block may have left.
  }

  /** The gateway has said its last word about this subscription. */
  #finish(tell) {
    this.close();
    this.#connection.forget(this.#feed);
    tell();
  }

  /** @param {string | {closeCode?: number, reason: string, retryAfterMs?: number}} why */
  #break(why) {
    if (this.#isOver) return;
    if (this.#hasStoodStill) { // It is asked for anew; where the network is gone, that is what loses the connection.
      this.#finish(() => this.#feed.onRefused(failure('unavailable', 'the event stream ended while its reader waited')));
      return;
    }
    this.#connection.lose(typeof why === 'string' ? {closeCode: 1006, reason: why} : why);
  }
}

/** @returns {any} the message that stands in a block */
function message(data) {
  let value;
  try {
    value = JSON.parse(data);
  } catch {
    value = undefined;
  }
  if (!isObject(value)) throw failure('protocol', 'the gateway sent something that is not a message');
  return value;
}
