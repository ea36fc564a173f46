/**
 * How far a subscription has come, in maps, so that no name from outside can touch a prototype.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

import {failure} from './errors.js';

/** Whether a value from outside is an object with names, not a list. */
export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The number, when it is one that JavaScript can hold exactly. */
export function exact(value, what) {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw failure('protocol', `${what} is not a whole number below 2^53: ${JSON.stringify(value)?.slice(0, 40)}`);
  }
  return value;
}

/** A partition's number as it stands as a name in JSON. */
function partitionNumber(name) {
  if (!/^(0|[1-9]\d{0,9})$/.test(name)) throw failure('protocol', `this is not the number of a partition: ${name}`);
  return Number(name);
}

/** Next offset by topic and partition. */
export class Positions {
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
      if (!isObject(partitions)) throw failure('protocol', `positions of ${topic} are not a map`);
      for (const [partition, offset] of Object.entries(partitions)) {
        visit(topic, partitionNumber(partition), exact(offset, 'offset'));
      }
    }
  }

  /** @returns {import('./index.js').PositionMap} a copy */
  toObject() {
    const result = Object.create(null);
    for (const [topic, partitions] of this.#topics) {
      result[topic] = Object.create(null);
      for (const [partition, offset] of partitions) result[topic][partition] = offset;
    }
    return result;
  }
}

/** A map of texts as an object without a prototype. */
export function toObject(map) {
  const result = Object.create(null);
  for (const [name, value] of map) result[name] = value;
  return result;
}
