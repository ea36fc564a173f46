/** Names of channels to choose from. */

import {byId, element} from './elements.js';

const MAX_OFFERED = 500;

/** Offers what the gateway has, each time it is reached. @param {import('../sluice.js').Client} client */
export function offerChannels(client) {
  client.addEventListener('state', async ({state, transport}) => {
    if (state !== 'open' || transport !== 'websocket') return; // Event streams cannot be asked.
    let channels;
    try {
      ({channels} = await client.describe());
    } catch {
      return; // It does not tell, or is gone again: what is offered stays.
    }
    const names = channels.filter(({subscribe}) => subscribe).map(({channel}) => channel).sort();
    if (names.length === 0) return;
    byId('channels').replaceChildren(...names.slice(0, MAX_OFFERED).map((value) => element('option', {value})));
  });
}
