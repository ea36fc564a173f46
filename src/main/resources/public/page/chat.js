/** The list that follows `demo.chat`. */

import {byId, element} from './elements.js';
import {clockTime} from './units.js';

const CHANNEL = 'demo.chat';
const MAX_MESSAGES = 50;
const ASK_AGAIN_MS = 5_000;

/** @param {import('../sluice.js').Client} client */
export function startChat(client) {
  const list = byId('chat');
  client.subscribe(CHANNEL, {
    from: {tail: MAX_MESSAGES},
    onRecords: (records) => {
      const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
      list.append(...records.slice(-MAX_MESSAGES).map(message));
      while (list.childElementCount > MAX_MESSAGES) list.firstElementChild.remove();
      byId('chat-empty').hidden = true;
      if (isAtEnd) list.scrollTop = list.scrollHeight;
    },
    onGap: () => {}, // A message that is gone is gone.
    onEnded: (error) => {
      if (error.code === 'closed') return;
      byId('chat-empty').textContent = error.code === 'unknown-channel'
        ? `This gateway has no channel ${CHANNEL}.` : `${error.message} (${error.code})`;
      setTimeout(() => startChat(client), ASK_AGAIN_MS);
    },
  });
}

function message({offset, timestamp, key, value}) {
  const who = typeof key === 'string' && key !== '' ? key : 'somebody';
  return element('li', {'data-testid': 'chat-message', 'data-offset': String(offset)},
    element('span', {class: 'who'}, who),
    element('time', {}, clockTime(timestamp)),
    element('span', {class: 'words'}, said(value)));
}

/** Text as it is, the text of `{"text": …}`, or else the JSON. */
export function said(value) {
  if (typeof value === 'string') return value;
  return typeof value?.text === 'string' ? value.text : JSON.stringify(value);
}
