import assert from 'node:assert/strict';
import {describe, it} from 'node:test';

import {code, world} from './world.js';

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('token callback', () => {
  it('is asked for each connection, and its token offered as a sub-protocol', async () => {
    let asked = 0;
    const {gateway, clock} = world({token: () => `token-${++asked}`});
    assert.equal(gateway.sockets.length, 0);
    await settled();
    assert.deepEqual(gateway.socket.protocols, ['sluice.v1.json', 'bearer.token-1']);
    gateway.socket.welcome();
    gateway.socket.break();
    clock.advance(1_000);
    await settled();
    assert.deepEqual(gateway.socket.protocols, ['sluice.v1.json', 'bearer.token-2']);
  });

  it('may promise, and may have none', async () => {
    const {gateway} = world({token: async () => null});
    await settled();
    assert.deepEqual(gateway.socket.protocols, ['sluice.v1.json']);
  });

  it('that fails is told, with its reason, and asked again after a while', async () => {
    let asked = 0;
    const {gateway, clock, client, states} = world({token: () => {
      if (asked++ === 0) throw new Error('who is it?');
      return 'x';
    }});
    const errors = [];
    client.addEventListener('error', ({error}) => errors.push(error));
    await settled();
    assert.deepEqual([errors[0].code, errors[0].cause.message], ['unauthenticated', 'who is it?']);
    assert.equal(states.at(-1).state, 'waiting');
    clock.advance(1_000);
    await settled();
    assert.equal(gateway.sockets.length, 1);
  });

  it('that never answers is given up, and its late answer ignored', async () => {
    const answers = [];
    const {gateway, clock, client} = world({token: () => new Promise((resolve) => answers.push(resolve))});
    await settled();
    clock.advance(10_000);
    await settled();
    assert.equal(client.state, 'waiting');
    clock.advance(1_000);
    await settled();
    answers[0]('late');
    await settled();
    assert.equal(gateway.sockets.length, 0);
    answers[1]('second');
    await settled();
    assert.deepEqual(gateway.socket.protocols, ['sluice.v1.json', 'bearer.second']);
  });

  it('opens nothing any more once the client is closed', async () => {
    const {gateway, clock, client} = world({token: () => 'x'});
    client.close();
    await settled();
    assert.equal(gateway.sockets.length, 0);
    assert.equal(clock.pending, 0);
  });

  it('makes 4401 a reason to come back, with a new token', async () => {
    const {gateway, clock, client} = world({token: () => 'x'});
    await settled();
    gateway.socket.welcome();
    gateway.socket.break(4401, 'expired');
    assert.equal(client.state, 'waiting');
    clock.advance(1_000);
    await settled();
    assert.equal(gateway.sockets.length, 2);
    gateway.socket.break(4403, 'withdrawn');
    assert.equal(client.state, 'closed');
  });

  it('never shows its token in an error, an event or the console', async (t) => {
    const secret = 'very secret, with a space';
    const shown = [];
    for (const name of ['log', 'warn', 'error', 'info', 'debug']) t.mock.method(console, name, (...words) => shown.push(...words));
    const {client, states} = world({
      token: () => secret, WebSocket: class {
        constructor(url, protocols) {
          throw new SyntaxError(`The subprotocol '${protocols[1]}' is invalid.`);
        }
      }});
    client.addEventListener('error', ({error}) => shown.push(error, error.stack, JSON.stringify(error.details)));
    await settled();
    assert.equal(states.at(-1).state, 'waiting');
    client.close();
    await assert.rejects(client.publish('orders', {value: 1}), code('closed'));
    assert.ok(shown.length > 0);
    const encoded = Buffer.from(secret).toString('base64url');
    for (const words of [...shown, ...states].map((it) => `${it} ${JSON.stringify(it)} ${it?.stack} ${it?.cause}`)) {
      assert.ok(!words.includes(secret) && !words.includes(encoded), words);
    }
  });
});
