import assert from 'node:assert/strict';
import {describe, it} from 'node:test';

import {FakeClock, FakeGateway} from './fakes.js';
import {code, lib, openWorld, subscribedWorld, world} from './world.js';

const {connect} = lib;

describe('connection', () => {
  it('offers the JSON sub-protocol and is open once welcomed', () => {
    const {gateway, client, states} = world();
    assert.deepEqual(gateway.socket.protocols, ['sluice.v1.json']);
    assert.equal(client.state, 'connecting');
    gateway.socket.welcome();
    assert.deepEqual(states.map((event) => event.state), ['open']);
  });

  it('turns an http address into a WebSocket address', () => {
    const gateway = new FakeGateway();
    connect('https://gateway/v1/ws', {WebSocket: gateway.WebSocket, clock: new FakeClock()});
    assert.equal(gateway.socket.url, 'wss://gateway/v1/ws');
  });

  for (const closeCode of [1000, 1001, 1006, 1009, 1011, 1012, 1013, 4408, 4429, 4999]) {
    it(`comes back after close code ${closeCode}`, () => {
      const it = openWorld();
      it.gateway.socket.break(closeCode);
      assert.equal(it.client.state, 'waiting');
      it.clock.advance(1_000);
      assert.equal(it.gateway.sockets.length, 2);
    });
  }

  for (const closeCode of [1002, 1003, 1007, 1008, 4401, 4403]) {
    it(`does not come back after close code ${closeCode}`, () => {
      const {gateway, clock, states, client} = openWorld();
      let ended;
      client.subscribe('orders', {onRecord: () => {}, onEnded: (error) => (ended = error)});
      gateway.socket.break(closeCode, 'why');
      clock.advance(600_000);
      assert.equal(gateway.sockets.length, 1);
      assert.equal(states.at(-1).state, 'closed');
      assert.equal(states.at(-1).closeCode, closeCode);
      assert.equal(ended.code, 'closed');
      assert.equal(clock.pending, 0);
    });
  }

  it('doubles the upper bound of the delay up to the maximum', () => {
    const {gateway, clock, states} = world();
    const delays = [];
    for (let i = 0; i < 6; i++) {
      gateway.socket.break();
      delays.push(states.at(-1).delayMs);
      clock.advance(delays.at(-1));
    }
    assert.deepEqual(delays, [100, 200, 400, 800, 1_000, 1_000]);
  });

  it('draws the delay anywhere below its bound', () => {
    const {gateway, states} = world({random: () => 0.25});
    gateway.socket.break();
    assert.equal(states.at(-1).delayMs, 25);
  });

  it('waits longer at once when the gateway is overloaded', () => {
    const {gateway, states} = openWorld();
    gateway.socket.break(1013);
    assert.equal(states.at(-1).delayMs, 800);
  });

  it('starts the back-off again after a connection that lasted', () => {
    const {gateway, clock, states} = world();
    gateway.socket.break();
    clock.advance(100);
    gateway.socket.welcome();
    clock.advance(15_000);
    gateway.socket.break();
    assert.equal(states.at(-1).delayMs, 100);
  });

  it('gives up a socket that is never welcomed', () => {
    const {gateway, clock, client} = world();
    clock.advance(10_000);
    assert.equal(client.state, 'waiting');
    assert.equal(gateway.sockets[0].closedWith, 4408);
  });

  it('listens for errors of a socket that it has given up: in Node one that nobody hears ends the process', () => {
    for (const giveUp of [({clock}) => clock.advance(10_000), ({client}) => client.close()]) {
      const it = world();
      const {socket} = it.gateway;
      socket.close = () => socket.onerror(new Error('WebSocket was closed before the connection was established'));
      giveUp(it);
      assert.notEqual(it.client.state, 'connecting');
    }
  });

  it('asks after a silent interval and leaves a gateway that stays silent', () => {
    const {gateway, clock, client} = openWorld();
    clock.advance(20_000);
    assert.equal(gateway.socket.commands('ping').length, 1);
    clock.advance(20_000);
    assert.equal(client.state, 'waiting');
  });

  it('counts two silent intervals from the last word, whenever that was', () => {
    const {gateway, clock, client} = openWorld();
    clock.advance(19_000);
    gateway.socket.say({type: 'later'});
    clock.advance(19_999);
    assert.equal(gateway.socket.commands('ping').length, 0);
    clock.advance(1);
    assert.equal(gateway.socket.commands('ping').length, 1);
    clock.advance(19_999);
    assert.equal(client.state, 'open');
    clock.advance(1);
    assert.equal(client.state, 'waiting');
  });

  it('stays with a gateway that answers', () => {
    const {gateway, clock, client} = openWorld();
    for (let i = 0; i < 10; i++) {
      clock.advance(20_000);
      if (gateway.socket.commands('ping').length > 0) gateway.socket.reply('ping', {type: 'pong'});
    }
    assert.equal(client.state, 'open');
    assert.equal(gateway.sockets.length, 1);
  });

  it('moves when draining says, and waits for publishes in flight', async () => {
    const {gateway, clock, client} = openWorld();
    const old = gateway.socket;
    old.say({type: 'draining', reconnectAfterMs: 3_000, subscriptions: []});
    const publish = client.publish('orders', {value: 1});
    clock.advance(2_999);
    assert.equal(old.closedWith, undefined);
    clock.advance(1_000);
    assert.equal(old.closedWith, undefined);
    old.reply('publish', {type: 'published', records: [{topic: 'orders', partition: 0, offset: 5, timestamp: 1}]});
    assert.equal(old.closedWith, 1000);
    clock.advance(0);
    assert.equal(gateway.sockets.length, 2);
    assert.equal((await publish).offset, 5);
  });

  it('waits for the time that draining gave when the socket closes earlier', () => {
    const {gateway, clock} = openWorld();
    gateway.socket.say({type: 'draining', reconnectAfterMs: 3_000});
    gateway.socket.break(1012);
    clock.advance(2_999);
    assert.equal(gateway.sockets.length, 1);
    clock.advance(1);
    assert.equal(gateway.sockets.length, 2);
  });

  it('tells whether Kafka can be reached, and forgets it with the connection', () => {
    const it = openWorld();
    const told = [];
    it.client.addEventListener('status', ({kafka}) => told.push(kafka));
    it.gateway.socket.say({type: 'status', kafka: 'unavailable'});
    it.gateway.socket.say({type: 'status', kafka: 'available'});
    it.gateway.socket.break();
    assert.deepEqual(told, ['unavailable', 'available', 'unknown']);
  });

  it('leaves no timer and no socket behind when closed', () => {
    const {gateway, clock, client} = subscribedWorld();
    gateway.socket.say({type: 'draining', reconnectAfterMs: 60_000});
    client.close();
    assert.equal(clock.pending, 0);
    assert.equal(gateway.socket.closedWith, 1000);
    assert.throws(() => client.subscribe('orders'), code('closed'));
  });

  it('measures a ping', async () => {
    const {gateway, clock, client} = openWorld();
    const ping = client.ping();
    clock.advance(12);
    gateway.socket.reply('ping', {type: 'pong'});
    assert.equal(await ping, 12);
  });
});
