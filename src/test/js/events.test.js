import assert from 'node:assert/strict';
import {describe, it} from 'node:test';

import {lib, openWorld, world} from './world.js';

describe('events', () => {
  it('tell the states of a life, each with what belongs to it', () => {
    const {gateway, clock, client, states} = world();
    gateway.socket.welcome();
    gateway.socket.say({type: 'draining', reconnectAfterMs: 300});
    gateway.socket.break(1012, 'restart');
    clock.advance(300);
    gateway.socket.welcome();
    gateway.socket.break(1013, 'overloaded');
    clock.advance(1_000);
    gateway.socket.break(4403, 'withdrawn');
    const told = states.map(({state, transport, attempt, delayMs, closeCode, reason}) => (
      {state, transport, attempt, delayMs, closeCode, reason}));
    const plain = {transport: 'websocket', attempt: 0, delayMs: undefined, closeCode: undefined, reason: undefined};
    assert.deepEqual(told, [
      {...plain, state: 'open'},
      {...plain, state: 'draining', delayMs: 300},
      {...plain, state: 'waiting', transport: undefined, delayMs: 300, closeCode: 1012, reason: 'restart'},
      {...plain, state: 'connecting', transport: undefined},
      {...plain, state: 'open'},
      {...plain, state: 'waiting', transport: undefined, attempt: 1, delayMs: 800, closeCode: 1013, reason: 'overloaded'},
      {...plain, state: 'connecting', transport: undefined, attempt: 1},
      {...plain, state: 'closed', transport: undefined, attempt: 1, closeCode: 4403, reason: 'withdrawn'},
    ]);
    assert.equal(client.state, 'closed');
    assert.ok(states[0] instanceof lib.SluiceEvent && states[0] instanceof Event);
  });

  it('are listened to as everywhere on the web', () => {
    const {client, gateway} = openWorld();
    const heard = [];
    const listener = ({kafka}) => heard.push(kafka);
    client.addEventListener('status', listener, {once: true});
    gateway.socket.say({type: 'status', kafka: 'unavailable'});
    gateway.socket.say({type: 'status', kafka: 'available'});
    assert.deepEqual(heard, ['unavailable']);
    assert.equal(client.kafka, 'available');
    const stop = new AbortController();
    client.addEventListener('status', listener, {signal: stop.signal});
    stop.abort();
    gateway.socket.say({type: 'status', kafka: 'unavailable'});
    assert.deepEqual(heard, ['unavailable']);
  });

  it('tell nothing of a status that is none, or the same again', () => {
    const {client, gateway} = openWorld();
    const heard = [];
    client.addEventListener('status', ({kafka}) => heard.push(kafka));
    for (const kafka of ['unavailable', 'unavailable', 'gone', 5, undefined]) gateway.socket.say({type: 'status', kafka});
    assert.deepEqual(heard, ['unavailable']);
  });

  it('tell what the gateway greeted with, and nothing that would hide what an event is', () => {
    const {client, gateway} = world();
    const heard = [];
    client.addEventListener('welcome', (event) => heard.push(event));
    gateway.socket.welcome({instance: 'abc', isTrusted: {}, target: 'x', preventDefault: 1});
    const [welcome] = heard;
    assert.deepEqual([welcome.instance, welcome.heartbeatMs, welcome.limits.maxMessageBytes], ['abc', 20_000, 1_000_000]);
    assert.equal(welcome.target, client);
    assert.equal(typeof welcome.preventDefault, 'function');
  });

  it('may close the client', () => {
    const {client, gateway, clock} = world();
    client.addEventListener('state', () => client.close(), {once: true});
    client.publish('orders', {value: 1}).catch(() => {});
    gateway.socket.welcome();
    assert.equal(client.state, 'closed');
    assert.equal(clock.pending, 0);
    assert.equal(gateway.socket.closedWith, 1000);
  });

  it('let a client that was closed in the middle of its opening stay closed', () => {
    const {client, gateway, states, clock} = world();
    client.subscribe('orders', {get onEnded() {
      return () => client.close();
    }, onRecord() {}, later: undefined});
    gateway.socket.welcome();
    gateway.socket.reply('subscribe', {type: 'error', code: 'unknown-channel', message: 'none'});
    assert.deepEqual(states.map(({state}) => state), ['open', 'closed']);
    assert.equal(clock.pending, 0);
  });

  it('of a network that is back shorten the wait', () => {
    const listeners = new Map();
    globalThis.addEventListener = (type, listener) => listeners.set(type, listener);
    globalThis.removeEventListener = (type) => listeners.delete(type);
    try {
      const {gateway, clock, client, states} = world({backoffMaxMs: 60_000});
      for (let i = 0; i < 8; i++) {
        gateway.socket.break();
        clock.advance(states.at(-1).delayMs);
      }
      gateway.socket.break();
      assert.equal(states.at(-1).delayMs, 25_600);
      listeners.get('online')();
      clock.advance(100);
      assert.equal(client.state, 'connecting');
      client.close();
      assert.equal(listeners.size, 0);
    } finally {
      delete globalThis.addEventListener;
      delete globalThis.removeEventListener;
    }
  });
});
