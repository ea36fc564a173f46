// Started by JavaScriptClientIT, with the addresses of a real gateway.

import {describe, it} from 'node:test';

import {lib} from '../world.js';
import {live, playLive} from './live.js';

const addresses = JSON.parse(process.env.SLUICE_LIVE);

describe('the client and a real gateway', () => {
  for (const name of Object.keys(live)) it(name, () => playLive(name, addresses, lib));
});
