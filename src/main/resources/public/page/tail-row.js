/** Rows of the table. */

import {element} from './elements.js';
import {clockTime} from './units.js';

const MAX_VALUE_CHARS = 600;

export function recordRow({topic, partition, offset, timestamp, key, value, valueType}) {
  const time = Number.isFinite(timestamp) ? new Date(timestamp) : undefined;
  return element('tr', {'data-testid': 'tail-row', 'data-offset': String(offset)},
    element('td', {class: 'topic', title: topic}, topic),
    element('td', {class: 'number'}, String(partition)),
    element('td', {class: 'number'}, String(offset)),
    element('td', {class: 'time', ...(time ? {title: time.toISOString()} : {})}, clockTime(timestamp)),
    element('td', {class: 'key', title: typeof key === 'string' ? key : ''}, ...bytesCell(key)),
    element('td', {class: 'value'}, ...valueCell(value, valueType)));
}

export function gapRow({topic, partition, from, to, reason}) {
  const words = to === null ? 'the topic was made anew' : `offsets ${from} to ${to - 1} are missing`;
  return element('tr', {class: 'gap', 'data-testid': 'tail-gap'},
    element('td', {class: 'topic', title: topic}, topic),
    element('td', {class: 'number'}, String(partition)),
    element('td', {colspan: '4'}, `Gap: ${words} (${reason})`));
}

function bytesCell(bytes) {
  if (bytes === null || bytes === undefined) return [element('i', {}, 'none')];
  return typeof bytes === 'string' ? [bytes] : [element('i', {}, 'base64 '), String(bytes.base64)];
}

function valueCell(value, valueType) {
  if (value === null && valueType === undefined) return [element('i', {}, 'tombstone')];
  const words = typeof value === 'string' && valueType !== 'json' && valueType !== undefined
    ? value : JSON.stringify(value);
  const cut = words.length > MAX_VALUE_CHARS ? `${words.slice(0, MAX_VALUE_CHARS)}…` : words;
  return valueType === 'base64' ? [element('i', {}, 'base64 '), cut] : [cut];
}
