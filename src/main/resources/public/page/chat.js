/** The list that follows `demo.chat`. */

import {byId, element} from './elements.js';
import {subscribeRecent} from './recent.js';
import {clockTime} from './units.js';

const CHANNEL = 'demo.chat';
const MAX_MESSAGES = 50;
const ASK_AGAIN_MS = 5_000;

/** @param {import('../sluice.js').Client} client */
export async function startChat(client) {
  const list = byId('chat');
  const again = (error) => {
    if (error.code === 'closed') return;
    byId('chat-empty').textContent = error.code === 'unknown-channel'
      ? `This gateway has no channel ${CHANNEL}.` : `${error.message} (${error.code})`;
    setTimeout(() => startChat(client), ASK_AGAIN_MS);
  };
  try {
    await subscribeRecent(client, CHANNEL, MAX_MESSAGES, {
      onRecords: (records) => {
        const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
        list.append(...records.slice(-MAX_MESSAGES).map(message));
        while (list.childElementCount > MAX_MESSAGES) list.firstElementChild.remove();
        byId('chat-empty').hidden = true;
        if (isAtEnd) list.scrollTop = list.scrollHeight;
      },
      onGap: () => {},
      onEnded: again,
    });
  } catch (error) {
    again(error);
  }
}

function message({offset, timestamp, key, value}) {
  const who = typeof key === 'string' && key !== '' ? key : 'somebody';
  const words = typeof value === 'string' ? value : JSON.stringify(value);
  return element('li', {'data-testid': 'chat-message', 'data-offset': String(offset)},
    element('span', {class: 'who'}, who),
    element('time', {}, clockTime(timestamp)),
    element('span', {class: 'words'}, words));
}
