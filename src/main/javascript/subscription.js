/**
 * One caller's share in a feed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

import {failure, tell} from './errors.js';
import {requireWhole} from './whole-number.js';

/** @typedef {import('./index.js').SluiceRecord} SluiceRecord */
/** @typedef {import('./index.js').Gap} Gap */
/** @typedef {import('./index.js').ResumePoint} ResumePoint */
/** @typedef {import('./index.js').SubscribeOptions} SubscribeOptions */
/** @typedef {import('./errors.js').SluiceError} SluiceError */

/**
 * An async iterator of records, or callbacks when `onRecord` or `onRecords` was given. Leaving the loop
 * (`break`, `return`, an exception) unsubscribes.
 */
export class Subscription {
  /** @type {import('./feed.js').Feed} */ #feed;
  /** @type {SubscribeOptions} */ #options;
  /** @type {import('./wish.js').Intake} */ #intake;
  /** What this caller has not been given yet, in order: records, gaps and the live mark. @type {any[]} */
  #queue = [];
  #waitingRecords = 0;
  /** Records that callbacks may still be given, where the caller grants them. */ #granted = 0;
  #isHandingOut = false;
  /** Dropped by `skipBeyond` and not yet reported. @type {Map<string, Gap>} */
  #skipped = new Map();
  /** @type {{resolve: (value: any) => any, reject: (reason: any) => any}[]} */ #readers = [];
  /** @type {{error?: SluiceError} | undefined} */ #end;
  /** Once it has ended: where this caller stood then; the feed may go on for others. @type {ResumePoint | undefined} */
  #stoodAt;
  #settleReady;

  /**
   * Resolves with the start position at the first `subscribed`; rejects when the gateway refuses.
   * @type {Promise<ResumePoint>}
   */
  ready;

  /**
   * @internal
   * @param {import('./feed.js').Feed} feed
   * @param {SubscribeOptions} options
   * @param {import('./wish.js').Intake} intake
   */
  constructor(feed, options, intake) {
    this.#feed = feed;
    this.#options = options;
    this.#intake = intake;
    if (this.#isGranted()) this.#granted = intake.credit ?? 0;
    this.ready = new Promise((resolve, reject) => (this.#settleReady = {resolve, reject}));
    this.ready.catch(() => {}); // Who does not ask is told by onEnded or the iterator.
  }

  /** @returns {string} */
  get channel() {
    return this.#feed.channel;
  }

  /**
   * Where to go on after what this caller has been given: store it and pass it as `from` of a later
   * subscribe, on any instance.
   *
   * @returns {ResumePoint} a copy
   */
  get resumePoint() {
    if (this.#stoodAt) return copy(this.#stoodAt);
    const point = this.#feed.resumePoint();
    /** Partitions whose topic was made anew: offsets of the old one mean nothing beside the new one's identity. */
    const renewed = new Set();
    for (let i = this.#queue.length - 1; i >= 0; i--) {
      const item = this.#queue[i].record ?? this.#queue[i].gap;
      if (!item) continue;
      const {topic, partition, offset, from, reason} = item;
      const place = `${partition}/${topic}`;
      if (reason === 'topic-recreated' || this.#feed.isRenewed(topic, partition)) renewed.add(place);
      point.positions[topic][partition] = renewed.has(place) ? 0 : offset ?? from;
    }
    return point;
  }

  /**
   * Lets `records` more come to the callbacks, for a subscription that was made with `credit`.
   *
   * @param {number} records a whole number, 1 or more
   */
  grant(records) {
    if (!this.#isGranted()) {
      throw failure('invalid', 'only a subscription with callbacks and the option credit is granted records');
    }
    requireWhole('records', records, 1);
    if (this.#end) return;
    this.#granted = Math.min(this.#granted + records, Number.MAX_SAFE_INTEGER);
    this.#handOut();
    this.#feed.flow();
  }

  /** Stops: what was buffered is dropped, a waiting iterator ends. The last to leave ends the feed. */
  unsubscribe() {
    if (this.#end) return;
    this.#stoodAt = this.resumePoint; // what is dropped now was never given
    this.#drop();
    this.#finish({});
    this.#feed.leave(this);
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /** @returns {Promise<IteratorResult<SluiceRecord>>} */
  next() {
    if (!this.#intake.isIterated) {
      return Promise.reject(failure('invalid', 'this subscription has onRecord or onRecords'));
    }
    const record = this.#take();
    if (record) return Promise.resolve({value: record, done: false});
    if (this.#end) return this.#nextAfterEnd();
    return new Promise((resolve, reject) => this.#readers.push({resolve, reject}));
  }

  /** @returns {Promise<IteratorReturnResult<undefined>>} */
  return() {
    this.unsubscribe();
    return Promise.resolve({value: undefined, done: true});
  }

  /** @returns {Promise<IteratorReturnResult<undefined>>} */
  #nextAfterEnd() {
    const error = this.#end?.error;
    this.#end = {};
    return error ? Promise.reject(error) : Promise.resolve({value: undefined, done: true});
  }

  #isGranted() {
    return !this.#intake.isIterated && this.#intake.credit !== undefined;
  }

  /** How many more records may come to this caller. @internal */
  get room() {
    const {credit, isIterated} = this.#intake;
    if (credit === undefined) return Infinity;
    return (isIterated ? credit : this.#granted) - this.#waitingRecords;
  }

  /** Room is worth telling the gateway about in portions of this size. @internal */
  get portion() {
    const {credit, isIterated} = this.#intake;
    return isIterated && credit !== undefined ? Math.ceil(credit / 2) : 1;
  }

  /** The next waiting record, telling of the gaps and marks that stand before it. */
  #take() {
    for (const gap of this.#skipped.values()) this.#tellGap(gap);
    this.#skipped.clear();
    while (this.#queue.length > 0) {
      const {record, gap} = this.#queue.shift();
      if (record) {
        this.#waitingRecords--;
        this.#feed.flow();
        return record;
      }
      if (gap) this.#tellGap(gap);
      else tell(this.#options.onLive);
    }
    return undefined;
  }

  /** Gives the callbacks what they may have, in order; what they do meanwhile may bring more, or end it. */
  #handOut() {
    if (this.#isHandingOut) return;
    this.#isHandingOut = true;
    while (this.#queue.length > 0) {
      const {record, gap} = this.#queue[0];
      if (record) {
        if (this.#isGranted() && this.#granted === 0) break;
        this.#handOutRecords();
      } else {
        this.#queue.shift();
        if (gap) this.#tellGap(gap);
        else tell(this.#options.onLive);
      }
    }
    this.#isHandingOut = false;
  }

  /** The records at the front of the queue: together, or each by itself where only `onRecord` listens. */
  #handOutRecords() {
    const {onRecord, onRecords} = this.#options;
    const most = onRecords ? this.#queue.length : 1;
    const allowed = this.#isGranted() ? Math.min(most, this.#granted) : most;
    let count = 0;
    while (count < allowed && this.#queue[count].record) count++;
    const records = this.#queue.splice(0, count).map((item) => item.record);
    this.#waitingRecords -= count;
    if (this.#isGranted()) this.#granted -= count;
    tell(onRecords, records);
    for (const record of onRecord ? records : []) {
      if (this.#end) return;
      tell(onRecord, record);
    }
  }

  #tellGap(gap) {
    if (this.#options.onGap) tell(this.#options.onGap, gap);
    else console.warn(`sluice: ${gap.topic}/${gap.partition} has a gap (${gap.reason})`, gap);
  }

  /** @internal @param {SluiceRecord[]} records */
  acceptRecords(records) {
    if (this.#end) return; // Another member's callback may have ended this one.
    for (const record of records) this.#acceptRecord(record);
    if (!this.#intake.isIterated) this.#handOut();
  }

  #acceptRecord(record) {
    const reader = this.#readers.shift();
    if (reader) {
      reader.resolve({value: record, done: false});
      return;
    }
    this.#queue.push({record});
    this.#waitingRecords++;
    if (this.#waitingRecords > (this.#intake.skipBeyond ?? Infinity)) this.#dropOldest();
  }

  #dropOldest() {
    const at = this.#queue.findIndex((item) => item.record);
    const [{record}] = this.#queue.splice(at, 1);
    this.#waitingRecords--;
    const {topic, partition, offset} = record;
    const place = `${partition}/${topic}`;
    const from = this.#skipped.get(place)?.from ?? offset;
    this.#skipped.set(place, {topic, partition, from, to: offset + 1, reason: 'client-overflow'});
  }

  /** @internal @param {Gap} gap */
  acceptGap(gap) {
    this.#acceptMark({gap});
  }

  /** @internal */
  acceptLive() {
    this.#acceptMark({live: true});
  }

  /** What is no record: told at once where nothing stands before it. */
  #acceptMark(item) {
    if (this.#end) return;
    this.#queue.push(item);
    if (!this.#intake.isIterated) this.#handOut();
    else if (this.#waitingRecords === 0) this.#take();
  }

  /** @internal */
  acceptSubscribed() {
    if (this.#end) return;
    const point = this.#feed.resumePoint();
    this.#settleReady.resolve(point);
    tell(this.#options.onSubscribed, copy(point));
  }

  /**
   * @internal
   * @param {SluiceError | undefined} error none when the client was closed by its owner
   */
  acceptEnd(error) {
    if (this.#end) return;
    if (!this.#intake.isIterated) {
      this.#stoodAt = this.resumePoint;
      this.#drop(); // Ungranted: nobody can ask for it any more.
    }
    this.#finish({error});
    if (error) tell(this.#options.onEnded, error);
  }

  #drop() {
    this.#queue = [];
    this.#waitingRecords = 0;
  }

  #finish(end) {
    this.#end = end;
    this.#settleReady.reject(end.error ?? failure('closed', 'the subscription was closed'));
    for (const reader of this.#readers.splice(0)) this.#nextAfterEnd().then(reader.resolve, reader.reject);
  }
}

/** @param {ResumePoint} point @returns {ResumePoint} without prototypes, as the original */
function copy({positions, topicIds}) {
  const result = {positions: Object.create(null), topicIds: Object.create(null)};
  for (const [topic, partitions] of Object.entries(positions)) {
    result.positions[topic] = Object.assign(Object.create(null), partitions);
  }
  for (const [topic, id] of Object.entries(topicIds)) result.topicIds[topic] = id;
  return result;
}
