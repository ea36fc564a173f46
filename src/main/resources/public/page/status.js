/** The state of the connection and of Kafka, in words, with colour only beside them. */

import {byId, setText} from './elements.js';

const PING_MS = 2_000;

/** @param {import('../sluice.js').Client} client */
export function startStatus(client) {
  const pill = byId('connection');
  let countdown;

  const show = ({state, transport, delayMs, closeCode, reason}) => {
    clearInterval(countdown);
    pill.dataset.state = state;
    pill.dataset.transport = transport ?? '';
    pill.title = reason ?? '';
    byId('round-trip').hidden = true;
    byId('fallback').hidden = state !== 'open' || transport !== 'sse';
    if (state === 'waiting') countdown = countDown(delayMs ?? 0);
    else setText(byId('connection-text'), words(state, closeCode));
  };
  client.addEventListener('state', show);
  show(client);
  client.addEventListener('status', ({kafka}) => {
    const banner = byId('kafka');
    banner.hidden = kafka !== 'unavailable';
    banner.dataset.kafka = kafka;
    setText(banner, kafka === 'unavailable'
      ? 'Kafka cannot be reached. Nothing new arrives and nothing can be stored until it is back; this page goes on by itself.'
      : '');
  });
  client.addEventListener('welcome', ({instance}) => {
    setText(byId('instance'), instance ? `Instance ${String(instance).slice(0, 12)}` : '');
  });
  setInterval(() => measure(client), PING_MS);
}

/** @returns {string} */
export function words(state, closeCode) {
  switch (state) {
    case 'open': return 'Connected';
    case 'draining': return 'Moving to another instance';
    case 'closed': return `Closed (${closeCode ?? 'by this page'})`;
    default: return 'Connecting…';
  }
}

function countDown(delayMs) {
  const until = Date.now() + delayMs;
  const show = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    setText(byId('connection-text'), seconds > 1 ? `Reconnecting in ${seconds} s` : 'Reconnecting…');
  };
  show();
  return setInterval(show, 1_000);
}

async function measure(client) {
  if (client.state !== 'open' || client.transport !== 'websocket' || document.hidden) return;
  try {
    const ms = await client.ping();
    setText(byId('round-trip'), `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`);
    byId('round-trip').hidden = false;
  } catch {
    byId('round-trip').hidden = true; // The connection was lost meanwhile, which the pill says.
  }
}
