/**
 * Where a channel is over HTTP, and how the options of a subscription stand in a query (PROTOCOL §7).
 *
 * SPDX-License-Identifier: Apache-2.0
 */

import {failure} from './errors.js';
import {isObject} from './positions.js';

/** Names that a query spells another way. */
const QUERY_NAMES = {maxRate: 'max-rate'};

/**
 * @param {string} base ends in `/channels/`; its own query is kept
 * @param {string} channel
 * @returns {URL}
 */
export function channelAddress(base, channel) {
  const parts = channel.split('/');
  // Every URL parser takes these for ways, whatever their spelling.
  if (parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw failure('invalid', 'a channel with such a name cannot be asked for over HTTP', {field: 'channel'});
  }
  const url = new URL(base);
  url.pathname += parts.map(encodeURIComponent).join('/');
  return url;
}

/**
 * @param {string} base
 * @param {string} channel
 * @param {Record<string, any>} options of `subscribe`, without `credit`
 * @param {string | undefined} mark the last id of the stream that is to be gone on with
 * @returns {URL}
 */
export function streamAddress(base, channel, {from, key, ...options}, mark) {
  const url = channelAddress(base, channel);
  const query = [];
  if (mark !== undefined) query.push(['last-event-id', encodeURIComponent(mark)]);
  else if (from !== undefined) query.push(['from', encodeURIComponent(startInQuery(from))]);
  if (key !== undefined) query.push(['key', keyBytes(key)]);
  for (const [name, value] of Object.entries(options)) {
    query.push([encodeURIComponent(QUERY_NAMES[name] ?? name), encodeURIComponent(text(value))]);
  }
  const own = url.search.replace(/^\?/, '');
  url.search = [...(own ? [own] : []), ...query.map(([name, value]) => `${name}=${value}`)].join('&');
  return url;
}

function startInQuery(from) {
  if (!isObject(from)) return text(from);
  if (from.tail !== undefined) return `tail:${from.tail}`;
  if (from.timestamp !== undefined) return `timestamp:${from.timestamp}`;
  const positions = Object.entries(from.positions ?? {}).flatMap(([topic, partitions]) =>
    Object.entries(partitions).map(([partition, offset]) => `${topic}/${partition}=${offset}`));
  return `positions:${positions.join(',')}`;
}

/** The bytes of a key, each that is no plain character as `%` and two digits. */
function keyBytes(key) {
  if (!isObject(key)) return encodeURIComponent(text(key));
  let bytes;
  try {
    bytes = atob(key.base64);
  } catch {
    throw failure('invalid', 'key.base64 is not base64', {field: 'key'});
  }
  return Array.from(bytes, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');
}

function text(value) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
