/**
 * Publishes: those that wait for a connection, and what becomes of each.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

import {failure, failureOf, SluiceError} from './errors.js';
import {exact, isObject} from './positions.js';

/** One call of `publish`, as the JSON that will be sent; the caller may change its objects afterwards. */
export class Publish {
  #onDone;
  #resolve;
  #reject;

  /**
   * @param {string} channel
   * @param {any} records one, or a list
   * @param {{resolve: Function, reject: Function}} promise
   */
  constructor(channel, records, {resolve, reject}) {
    const list = Array.isArray(records) ? records : [records];
    if (typeof channel !== 'string') throw failure('invalid', 'channel is not a string', {field: 'channel'});
    if (list.length === 0) throw failure('invalid', 'there is no record to publish', {field: 'records'});
    for (const record of list) {
      if (!isObject(record) || record.value === undefined) {
        throw failure('invalid', 'a record needs a value; null is a tombstone', {field: 'value'});
      }
    }
    this.channel = channel;
    this.count = list.length;
    this.isSingle = list !== records;
    try {
      list.forEach(checkWritable);
      this.text = JSON.stringify(list);
    } catch (error) {
      if (error instanceof SluiceError) throw error;
      throw failure('invalid', `a record cannot be written as JSON: ${error}`, {field: 'value'});
    }
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** @param {() => void} onDone once, however it ends */
  whenDone(onDone) {
    this.#onDone = onDone;
  }

  /** @param {any} outcomes of the gateway: one a record */
  settle(outcomes) {
    const results = Array.from({length: this.count}, (_, i) => outcomeOf(outcomes?.[i]));
    const failures = results.filter((result) => result instanceof SluiceError);
    this.#done();
    if (failures.length === 0) this.#resolve(this.isSingle ? results[0] : results);
    else if (this.isSingle) this.#reject(failures[0]);
    else this.#reject(failure('partial', `${failures.length} of ${results.length} records failed`, {results}));
  }

  fail(error) {
    this.#done();
    this.#reject(error);
  }

  #done() {
    this.#onDone?.();
    this.#onDone = undefined;
  }

  /** It was sent, and no answer will come. */
  loseTrack(details) {
    this.fail(failure('outcome-unknown',
      'the connection was lost before the answer; the record may or may not be stored', details));
  }
}

/** What JSON turns into `null`, such as NaN, would be a tombstone, or no key, and nobody had said so. */
function checkWritable(record) {
  for (const [field, value] of Object.entries(record)) {
    if (value !== null && value !== undefined && (JSON.stringify(value) ?? 'null') === 'null') {
      throw failure('invalid', `${field} is a ${typeof value} that JSON has no word for`, {field});
    }
  }
}

/** @returns {any} where the record is stored, or an error */
function outcomeOf(outcome) {
  if (!isObject(outcome)) return failure('protocol', 'the gateway left an outcome out');
  if (isObject(outcome.error)) return failureOf(outcome.error);
  const {topic, partition, offset, timestamp} = outcome;
  try {
    return {topic, partition: exact(partition, 'partition'), offset: exact(offset, 'offset'), timestamp};
  } catch (error) {
    return error;
  }
}

/** A bounded queue of what cannot be sent yet; a publish that was sent is never sent a second time. */
export class Outbox {
  /** Waiting, and when each has waited too long. @type {Map<Publish, any>} */ #waiting = new Map();
  #pending = 0;
  #pendingCharacters = 0;

  /** @param {{clock: any, waitMs: number, maxCount: number, maxCharacters: number}} limits */
  constructor({clock, waitMs, maxCount, maxCharacters}) {
    this.clock = clock;
    this.waitMs = waitMs;
    this.maxCount = maxCount;
    this.maxCharacters = maxCharacters;
  }

  /** Sends it now where there is a connection, else keeps it a while. @param {Publish} publish */
  accept(publish, connection) {
    if (this.#pending >= this.maxCount || this.#pendingCharacters + publish.text.length > this.maxCharacters) {
      throw failure('not-sent', `${this.#pending} publishes of ${this.#pendingCharacters} characters are pending `
        + 'already (maxPendingPublishes, maxPendingCharacters)');
    }
    const {length} = publish.text;
    this.#pending++;
    this.#pendingCharacters += length;
    publish.whenDone(() => {
      this.#pending--;
      this.#pendingCharacters -= length;
    });
    if (connection) send(publish, connection);
    else if (this.waitMs > 0) this.#keep(publish);
    else publish.fail(failure('not-sent', 'there is no connection; nothing was sent'));
  }

  #keep(publish) {
    this.#waiting.set(publish, this.clock.setTimeout(() => {
      this.#waiting.delete(publish);
      publish.fail(failure('not-sent', `no connection within ${this.waitMs} ms; nothing was sent`));
    }, this.waitMs));
  }

  /** Sends what waits, in order. */
  flush(connection) {
    for (const publish of this.#drain()) send(publish, connection);
  }

  /** Gives all that waits back to its callers. */
  end(error) {
    for (const publish of this.#drain()) publish.fail(error);
  }

  #drain() {
    const publishes = [...this.#waiting.keys()];
    for (const timer of this.#waiting.values()) this.clock.clearTimeout(timer);
    this.#waiting.clear();
    return publishes;
  }
}

function send(publish, connection) {
  const refused = connection.publish(publish);
  if (refused) publish.fail(refused);
}
