/**
 * Subscriptions as they stand on the wire, and what of them survives a connection.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

import {failure, failureOf, PASSING_CODES, ProtocolError} from './errors.js';
import {exact, isObject, Positions, toObject} from './positions.js';

/** @typedef {import('./subscription.js').Subscription} Subscription */

/** Kept granted where nobody limits it, on a subscription that was made with a credit. */
const PLENTY = 100_000;

/**
 * One wire subscription, shared by all callers with the same wish, and the positions it has reached.
 *
 * `settle()` compares what is wanted with the phase and sends at most one command:
 *
 *     idle ─subscribe→ subscribing ─subscribed→ active ─unsubscribe→ leaving ─unsubscribed→ idle
 *
 * A lost connection puts every phase back to idle.
 */
export class Feed {
  /** @type {'idle' | 'subscribing' | 'active' | 'leaving'} */
  phase = 'idle';
  /** @type {Set<Subscription>} */ #members = new Set();
  #started = false;
  #positions = new Positions();
  /** @type {Map<string, string>} */ #topicIds = new Map();
  /** Partitions whose `topic-recreated` gap is still to come, the new topic id being known already. */
  #renewed = new Set();
  /** Records that the gateway may still send; undefined where the wire has no credit. @type {number | undefined} */
  #outstanding;
  /** The last id of its event stream: the same as its positions and topic ids were then. @type {string | undefined} */
  mark;
  /** Whether its positions have moved since. */ isPastMark = false;
  #isLive = false;
  #failures = 0;
  #retry;

  /** @param {import('./feeds.js').Feeds} owner @param {import('./wish.js').Wish} wish */
  constructor(owner, wish) {
    this.owner = owner;
    this.wish = wish;
  }

  get channel() {
    return this.wish.channel;
  }

  get name() {
    return this.wish.name;
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
    if (this.isAbandoned) this.owner.forget(this);
    else this.flow();
    this.owner.settle();
  }

  /** @returns {import('./index.js').ResumePoint} */
  resumePoint() {
    return {positions: this.#positions.toObject(), topicIds: toObject(this.#topicIds)};
  }

  /** Sends what brings the wire nearer to what is wanted. */
  settle(connection) {
    const isWanted = !this.isAbandoned;
    if (this.phase === 'idle' && isWanted && this.#retry === undefined) this.#subscribe(connection);
    else if (this.phase === 'active' && (!isWanted || this.#isOverfull())) this.#unsubscribe(connection);
  }

  /** After a member took records, was granted some, came or left: lets the gateway send as many more. */
  flow() {
    if (this.phase !== 'active') return;
    if (this.#outstanding === undefined) {
      if (this.#isOverfull()) this.owner.settle();
      return;
    }
    const {room, portion} = this.#room();
    const more = Math.min(room, PLENTY) - this.#outstanding;
    if (more < portion) return;
    this.#outstanding += more;
    this.owner.connection?.grant(this, more);
  }

  /** As much as the member with the least room can take. */
  #room() {
    let room = Infinity;
    let portion = PLENTY / 2;
    for (const member of this.#members) {
      if (member.room < room) ({room, portion} = member);
    }
    return {room: Math.max(0, room), portion};
  }

  /** Without a credit the wire cannot be slowed down: it is left, and come back to with one. */
  #isOverfull() {
    return this.#outstanding === undefined && this.#room().room === 0;
  }

  #subscribe(connection) {
    const {room} = this.#room();
    this.#outstanding = room === Infinity ? undefined : room;
    const options = {...this.wish.options};
    if (this.#outstanding !== undefined) options.credit = this.#outstanding;
    if (this.#started) options.from = this.resumePoint();
    if (connection.transport !== 'sse') this.mark = undefined; // It does not move along with another transport.
    this.phase = 'subscribing';
    const refused = connection.subscribe(this, options);
    if (refused) {
      this.phase = 'idle';
      this.fail(refused);
    }
  }

  /**
   * Does what the gateway told. What cannot be read exactly cannot be resumed exactly: this feed ends then, the
   * others go on.
   *
   * @internal
   * @param {() => void} action
   */
  guard(action) {
    try {
      action();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.fail(error);
      this.owner.settle();
    }
  }

  /** @internal */
  onSubscribed(reply) {
    this.phase = 'active';
    this.#failures = 0;
    this.#isLive = false;
    if (reply.reset === true) this.#positions = new Positions();
    this.#learnTopicIds(reply.topicIds);
    Positions.each(reply.positions, (topic, partition, offset) => {
      // On a resume our own positions are the exact ones; only partitions that are new to us are learnt.
      if (this.#positions.next(topic, partition) === undefined) this.#positions.put(topic, partition, offset);
    });
    this.#started = true;
    for (const member of [...this.#members]) member.acceptSubscribed();
    this.flow();
    this.owner.settle();
  }

  /** Whether a topic has another id than it had: then it was made anew. @internal */
  isOfOtherTopics(topicIds) {
    return isObject(topicIds) && [...this.#topicIds].some(([topic, id]) => (topicIds[topic] ?? id) !== id);
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

  /** @internal */
  onRefused(error) {
    this.phase = 'idle';
    if (!this.isAbandoned && PASSING_CODES.has(error.code)) this.#tryLater();
    else this.fail(error);
    this.owner.settle();
  }

  #tryLater() {
    this.#retry = this.owner.clock.setTimeout(() => {
      this.#retry = undefined;
      this.owner.settle();
    }, this.owner.backoff(++this.#failures));
  }

  /** What made the last try fail may be over. */
  tryNow() {
    this.owner.clock.clearTimeout(this.#retry);
    this.#retry = undefined;
  }

  #unsubscribe(connection) {
    this.phase = 'leaving';
    connection.unsubscribe(this, () => {
      this.phase = 'idle';
      this.owner.settle();
    });
  }

  onLost() {
    this.phase = 'idle';
    this.tryNow();
  }

  /** @internal */
  onRecords(records) {
    if (!Array.isArray(records)) throw failure('protocol', 'records is not a list');
    if (this.#outstanding !== undefined) this.#outstanding = Math.max(0, this.#outstanding - records.length);
    const fresh = [];
    try {
      for (const record of records) if (this.#isFresh(record)) fresh.push(record);
    } finally { // One that cannot be read takes nothing from those before it, which are counted as delivered.
      if (fresh.length > 0) this.#handOut(fresh);
    }
    this.flow();
  }

  #handOut(records) {
    this.isPastMark = true;
    for (const member of [...this.#members]) member.acceptRecords(records);
  }

  /** Drops what was delivered before: after a resume the gateway may send from a little earlier. */
  #isFresh(record) {
    if (!isObject(record) || typeof record.topic !== 'string') {
      throw failure('protocol', 'a record has no topic');
    }
    const partition = exact(record.partition, 'partition');
    const offset = exact(record.offset, 'offset');
    if (offset < (this.#positions.next(record.topic, partition) ?? 0)) return false;
    this.#positions.put(record.topic, partition, offset + 1);
    return true;
  }

  /** @internal */
  onGap({topic, partition, from, to, reason, size}) {
    if (typeof topic !== 'string') throw failure('protocol', 'a gap has no topic');
    let first = exact(from, 'offset');
    if (reason === 'topic-recreated') {
      this.#onTopicRecreated(topic, exact(partition, 'partition'));
    } else {
      const next = this.#positions.next(topic, exact(partition, 'partition')) ?? 0;
      if (exact(to, 'offset') <= next) return;
      first = Math.max(first, next);
      this.#positions.put(topic, partition, to);
    }
    const gap = {topic, partition, from: first, to: to ?? null, reason, ...(size === undefined ? {} : {size})};
    for (const member of [...this.#members]) member.acceptGap(gap);
  }

  #onTopicRecreated(topic, partition) {
    // Offsets count from the start again. A topic id that we hold is the old one, unless `subscribed`
    // has just brought it; an old one would make the next resume read everything once more.
    this.#positions.put(topic, partition, 0);
    if (!this.#renewed.delete(`${partition}/${topic}`)) this.#topicIds.delete(topic);
  }

  /** Whether a `topic-recreated` gap is still to come: what was delivered before it is of the old topic. */
  isRenewed(topic, partition) {
    return this.#renewed.has(`${partition}/${topic}`);
  }

  /** Everything before stands in this id. @internal */
  onMark(id) {
    this.mark = id;
    this.isPastMark = false;
  }

  /** @internal */
  onPosition(positions) {
    Positions.each(positions, (topic, partition, offset) => this.#positions.raise(topic, partition, offset));
  }

  /** @internal */
  onLive() {
    this.#isLive = true;
    for (const member of [...this.#members]) member.acceptLive();
  }

  /** @internal */
  onEnded(message) {
    this.phase = 'idle';
    this.onPosition(message.positions);
    this.onRefused(failureOf({...message, ...this.resumePoint()}, 'ended by the gateway'));
  }

  /** Ends it for every member. @param {any} [error] */
  fail(error) {
    this.tryNow();
    this.owner.forget(this);
    const members = [...this.#members];
    this.#members.clear();
    for (const member of members) member.acceptEnd(error);
  }
}
