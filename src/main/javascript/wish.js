/**
 * What a caller of `subscribe` wants: the part that goes to the gateway, and the part that stays here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

import {failure} from './errors.js';
import {isObject} from './positions.js';
import {requireWhole} from './whole-number.js';

/** Options that the gateway never sees as they are; `credit` is told by the feed, which many may share. */
const LOCAL = new Set(['onRecord', 'onRecords', 'onGap', 'onLive', 'onSubscribed', 'onEnded', 'credit', 'skipBeyond']);

/** Records that may be on their way or wait for an iterator, where the caller names no number. */
const ITERATOR_CREDIT = 1_000;

/** One subscription as it is wanted on the wire; two with the same `name` may be one. */
export class Wish {
  /** @param {string} channel @param {Record<string, any>} options */
  constructor(channel, options) {
    if (typeof channel !== 'string') throw failure('invalid', 'channel is not a string', {field: 'channel'});
    this.channel = channel;
    /** @type {Record<string, any>} */
    this.options = {};
    for (const [name, value] of Object.entries(options)) {
      if (LOCAL.has(name) || value === undefined) continue;
      this.options[name] = name === 'from' ? startOf(value) : value;
    }
    try {
      this.name = canonical({...this.options, from: this.options.from ?? 'latest', channel});
    } catch (error) {
      throw failure('invalid', `the options cannot be written as JSON: ${error}`);
    }
  }
}

/** How one caller takes records: by callbacks or by iterating, and how many at most. */
export class Intake {
  /** @param {Record<string, any>} options of `subscribe` */
  constructor(options) {
    this.isIterated = !options.onRecord && !options.onRecords;
    const {credit, skipBeyond} = options;
    if (credit !== undefined) requireWhole('credit', credit, this.isIterated ? 1 : 0);
    if (skipBeyond !== undefined) {
      requireWhole('skipBeyond', skipBeyond, 1);
      if (!this.isIterated) throw failure('invalid', 'skipBeyond is for iterators', {field: 'skipBeyond'});
      if (credit !== undefined) throw failure('invalid', 'skipBeyond never waits, so it has no credit', {field: 'credit'});
    }
    /** Beyond this many waiting records the oldest are dropped; none are where it is not set. */
    this.skipBeyond = skipBeyond;
    /** Records that may be underway or waiting; not set where nothing limits them. @type {number | undefined} */
    this.credit = credit ?? (this.isIterated && skipBeyond === undefined ? ITERATOR_CREDIT : undefined);
  }
}

/** `from` as the protocol writes it: a time may be a `Date`. */
function startOf(from) {
  if (!isObject(from) || !(from.timestamp instanceof Date)) return from;
  const timestamp = from.timestamp.getTime();
  if (Number.isNaN(timestamp)) throw failure('invalid', 'this Date is no time', {field: 'from.timestamp'});
  return {...from, timestamp};
}

/** JSON with sorted names: the same wish always gives the same text. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  const names = Object.keys(value).filter((name) => value[name] !== undefined).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}
