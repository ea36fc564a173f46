import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {after, before, describe, it} from 'node:test';
import {format} from 'node:util';

import {polite} from './polite.js';
import {event} from './rude/check.js';
import {RudeGateway} from './rude/server.js';
import {lib, modulePath} from './world.js';

const TEXT = readFileSync(new URL('../../../docs/javascript.md', import.meta.url), 'utf8');
const EXAMPLES = [...TEXT.matchAll(/^```js\n(.*?)^```$/gms)].map(([, program]) => program);
const AsyncFunction = (async () => {}).constructor;

/** An example that reads on for ever is over when this has passed, and its clients are closed. */
const ENOUGH_MS = 300;

describe('docs/javascript.md', () => {
  const gateway = new RudeGateway(modulePath, {polite});
  let url;
  before(async () => (url = `${(await gateway.start()).replace('http', 'ws')}/polite/1/v1/ws`));
  after(() => gateway.stop());

  it('has examples', () => assert.ok(EXAMPLES.length >= 12, `${EXAMPLES.length} examples`));

  for (const program of EXAMPLES) {
    it(`shows a program that runs: ${program.split('\n').find((line) => line.includes('client') || line.includes('url'))}`, async (t) => {
      t.mock.method(console, 'error', () => {}); // where a callback that throws ends up
      const clients = [];
      const connect = (...how) => {
        clients.push(lib.connect(...how));
        return clients.at(-1);
      };
      const client = connect(url);
      await event(client, 'state', ({state}) => state === 'open');
      const storage = new Map();
      const names = {
        ...lib, connect, client, url, fetchToken: async () => ({accessToken: 'x'}),
        localStorage: {getItem: (key) => storage.get(key) ?? null, setItem: (key, value) => storage.set(key, value)},
        console: {log: format}};
      const running = new AsyncFunction(...Object.keys(names), program)(...Object.values(names));
      let timer;
      await Promise.race([running, new Promise((resolve) => (timer = setTimeout(resolve, ENOUGH_MS)))]);
      clearTimeout(timer);
      for (const each of clients) each.close();
      await running;
      assert.deepEqual(console.error.mock.calls.map((call) => call.arguments), []);
    });
  }

  it('names every option, member, event and class', () => {
    const types = readFileSync(new URL('../../main/javascript/index.d.ts', import.meta.url), 'utf8');
    const members = (name) => [...new RegExp(`^export (?:interface|class) ${name}\\b[^{]*\\{\\n(.*?)^\\}`, 'ms').exec(types)[1]
      .matchAll(/^ {2}(?:readonly )?(\w+)[?(<:]/gm)].map(([, member]) => member);
    const words = ['ConnectOptions', 'WireOptions', 'Callbacks', 'SubscribeOptions', 'ClientEvents', 'Client', 'Subscription',
      'StateEvent', 'WelcomeEvent', 'SluiceError', 'Gap', 'SluiceRecord', 'OutgoingRecord', 'Acknowledgement'].flatMap(members);
    const classes = Object.keys(lib).filter((name) => name.endsWith('Error'));
    const missing = [...words, ...classes].filter((word) => !new RegExp(`\\b${word}\\b`).test(TEXT));
    assert.deepEqual(missing.filter((word) => !['addEventListener', 'removeEventListener', 'mode', 'constructor'].includes(word)), []);
  });
});
