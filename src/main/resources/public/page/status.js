/** The state of the connection and of Kafka, in words, with colour only beside them. */

import {byId, setText} from './elements.js';

const PING_MS = 2_000;

/** @param {import('../sluice.js').Client} client */
export function startStatus(client) {
  const pill = byId('connection');
  let countdown;

  client.on('state', ({state, retryInMs, closeCode}) => {
    clearInterval(countdown);
    pill.dataset.state = state;
    byId('round-trip').hidden = state !== 'open';
    if (state === 'reconnecting') countdown = countDown(retryInMs ?? 0);
    else setText(byId('connection-text'), {
      connecting: 'Connecting…', open: 'Connected', closed: `Closed (${closeCode ?? 'by this page'})`}[state]);
  });
  client.on('draining', () => setText(byId('connection-text'), 'Moving to another instance'));
  client.on('status', ({kafka}) => {
    const banner = byId('kafka');
    banner.hidden = kafka !== 'unavailable';
    banner.dataset.kafka = kafka;
    setText(banner, kafka === 'unavailable'
      ? 'Kafka cannot be reached. Nothing new arrives and nothing can be stored until it is back; this page goes on by itself.'
      : '');
  });
  client.on('welcome', ({instance}) => setText(byId('instance'), instance ? `Instance ${String(instance).slice(0, 12)}` : ''));
  setInterval(() => measure(client), PING_MS);
}

function countDown(retryInMs) {
  const until = Date.now() + retryInMs;
  const show = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    setText(byId('connection-text'), seconds > 1 ? `Reconnecting in ${seconds} s` : 'Reconnecting…');
  };
  show();
  return setInterval(show, 1_000);
}

async function measure(client) {
  if (client.state !== 'open' || document.hidden) return;
  try {
    const ms = await client.ping();
    setText(byId('round-trip'), `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`);
  } catch {
    setText(byId('round-trip'), ''); // The connection was lost meanwhile, which the pill says.
  }
}
