import assert from 'node:assert/strict';
import {describe, it} from 'node:test';

import {connect, SluiceError} from '../../main/resources/public/sluice.js';
import {FakeClock, FakeGateway} from './fakes.js';

/** A client, its clock and the gateway that it talks to; random 1 makes each back-off its upper bound. */
function world(options = {}) {
  const clock = new FakeClock();
  const gateway = new FakeGateway();
  const client = connect('ws://gateway/v1/ws', {
    WebSocket: gateway.WebSocket, clock, random: () => 1, backoffMinMs: 100, backoffMaxMs: 1_000, ...options});
  const states = [];
  client.on('state', (event) => states.push(event));
  return {clock, gateway, client, states};
}

function openWorld(options) {
  const it = world(options);
  it.gateway.socket.welcome();
  return it;
}

/** A subscription to `orders` that is confirmed as number 7 at offset 0 and collects offsets and gaps. */
function subscribedWorld(options = {}) {
  const it = openWorld();
  const seen = [];
  const gaps = [];
  const subscription = it.client.subscribe('orders', {
    onRecord: (record) => seen.push(record.offset), onGap: (gap) => gaps.push(gap), ...options});
  it.gateway.socket.subscribed(7);
  return {...it, subscription, seen, gaps};
}

/** Breaks the socket, lets the client come back and welcomes it. */
function reconnect({gateway, clock}, code = 1006) {
  gateway.socket.break(code);
  clock.advance(2_000);
  gateway.socket.welcome();
}

const code = (expected) => (error) => error instanceof SluiceError && error.code === expected;

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
      assert.equal(it.client.state, 'reconnecting');
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
      delays.push(states.at(-1).retryInMs);
      clock.advance(delays.at(-1));
    }
    assert.deepEqual(delays, [100, 200, 400, 800, 1_000, 1_000]);
  });

  it('draws the delay anywhere below its bound', () => {
    const {gateway, states} = world({random: () => 0.25});
    gateway.socket.break();
    assert.equal(states.at(-1).retryInMs, 25);
  });

  it('waits longer at once when the gateway is overloaded', () => {
    const {gateway, states} = openWorld();
    gateway.socket.break(1013);
    assert.equal(states.at(-1).retryInMs, 800);
  });

  it('starts the back-off again after a connection that lasted', () => {
    const {gateway, clock, states} = world();
    gateway.socket.break();
    clock.advance(100);
    gateway.socket.welcome();
    clock.advance(15_000);
    gateway.socket.break();
    assert.equal(states.at(-1).retryInMs, 100);
  });

  it('gives up a socket that is never welcomed', () => {
    const {gateway, clock, client} = world();
    clock.advance(10_000);
    assert.equal(client.state, 'reconnecting');
    assert.equal(gateway.sockets[0].closedWith, 4408);
  });

  it('asks after a silent interval and leaves a gateway that stays silent', () => {
    const {gateway, clock, client} = openWorld();
    clock.advance(20_000);
    assert.equal(gateway.socket.commands('ping').length, 1);
    clock.advance(20_000);
    assert.equal(client.state, 'reconnecting');
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
    it.client.on('status', ({kafka}) => told.push(kafka));
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

describe('resume', () => {
  it('subscribes again from the offset after the last record', () => {
    const it = subscribedWorld();
    it.gateway.socket.records(7, 0, 1, 2);
    reconnect(it);
    const [again] = it.gateway.socket.commands('subscribe');
    assert.deepEqual(again.from, {positions: {orders: {0: 3}}, topicIds: {orders: 'id-1'}});
  });

  it('resumes where the subscription began when no record has come', () => {
    const it = openWorld();
    it.client.subscribe('orders', {onRecord: () => {}});
    it.gateway.socket.subscribed(7, {orders: {0: 120, 1: 98}});
    reconnect(it);
    assert.deepEqual(it.gateway.socket.commands('subscribe')[0].from.positions, {orders: {0: 120, 1: 98}});
  });

  it('repeats the first wish when the first subscribe was never confirmed', () => {
    const it = openWorld();
    it.client.subscribe('orders', {from: 'earliest'});
    reconnect(it);
    assert.equal(it.gateway.socket.commands('subscribe')[0].from, 'earliest');
  });

  it('counts gaps and scanned positions as passed', () => {
    const it = subscribedWorld();
    it.gateway.socket.say(
      {type: 'gap', subscription: 7, topic: 'orders', partition: 0, from: 0, to: 50, reason: 'retention'});
    reconnect(it);
    assert.equal(it.gateway.socket.commands('subscribe')[0].from.positions.orders[0], 50);
    it.gateway.socket.subscribed(8, {orders: {0: 50}});
    it.gateway.socket.say({type: 'position', subscription: 8, positions: {orders: {0: 90}}});
    reconnect(it);
    assert.equal(it.gateway.socket.commands('subscribe')[0].from.positions.orders[0], 90);
  });

  it('drops records below the next offset', () => {
    const it = subscribedWorld();
    it.gateway.socket.records(7, 0, 1, 2);
    reconnect(it);
    it.gateway.socket.subscribed(9, {orders: {0: 3}});
    it.gateway.socket.records(9, 1, 2, 3, 4);
    assert.deepEqual(it.seen, [0, 1, 2, 3, 4]);
  });

  it('reads a recreated topic from its beginning, live', () => {
    const it = subscribedWorld();
    it.gateway.socket.records(7, 0, 1, 2);
    it.gateway.socket.say(
      {type: 'gap', subscription: 7, topic: 'orders', partition: 0, from: 3, to: null, reason: 'topic-recreated'});
    it.gateway.socket.records(7, 0, 1);
    assert.deepEqual(it.seen, [0, 1, 2, 0, 1]);
    assert.equal(it.gaps[0].to, null);
    reconnect(it);
    const {from} = it.gateway.socket.commands('subscribe')[0];
    assert.deepEqual(from, {positions: {orders: {0: 2}}, topicIds: {}}, 'the old topic id must not be sent');
  });

  it('reads a recreated topic from its beginning, at a resume, and keeps the new id', () => {
    const it = subscribedWorld();
    it.gateway.socket.records(7, 0, 1, 2);
    reconnect(it);
    it.gateway.socket.subscribed(8, {orders: {0: 0}}, {orders: 'id-2'});
    it.gateway.socket.say(
      {type: 'gap', subscription: 8, topic: 'orders', partition: 0, from: 3, to: null, reason: 'topic-recreated'});
    it.gateway.socket.records(8, 0);
    assert.deepEqual(it.seen, [0, 1, 2, 0]);
    reconnect(it);
    assert.deepEqual(
      it.gateway.socket.commands('subscribe')[0].from, {positions: {orders: {0: 1}}, topicIds: {orders: 'id-2'}});
  });

  it('asks again by itself when Kafka was unavailable, at once when it is back', () => {
    const it = openWorld();
    let ended = false;
    it.client.subscribe('orders', {onRecord: () => {}, onEnded: () => (ended = true)});
    it.gateway.socket.reply('subscribe', {type: 'error', code: 'unavailable', message: 'no broker'});
    assert.equal(it.gateway.socket.commands('subscribe').length, 1);
    it.gateway.socket.say({type: 'status', kafka: 'available'});
    assert.equal(it.gateway.socket.commands('subscribe').length, 2);
    it.gateway.socket.reply('subscribe', {type: 'error', code: 'unavailable', message: 'no broker'});
    it.clock.advance(1_000);
    assert.equal(it.gateway.socket.commands('subscribe').length, 3);
    assert.equal(ended, false);
  });

  it('hands out a point from which another client can go on', () => {
    const it = subscribedWorld();
    it.gateway.socket.records(7, 0, 1, 2);
    assert.equal(
      JSON.stringify(it.subscription.resumePoint), '{"positions":{"orders":{"0":3}},"topicIds":{"orders":"id-1"}}');
  });
});

describe('sharing', () => {
  it('sends one subscribe for two callers with the same wish', () => {
    const it = subscribedWorld({value: 'text', overflow: 'skip'});
    const late = [];
    it.gateway.socket.records(7, 0);
    it.client.subscribe('orders', {overflow: 'skip', value: 'text', onRecord: (record) => late.push(record.offset)});
    it.gateway.socket.records(7, 1);
    assert.equal(it.gateway.socket.commands('subscribe').length, 1);
    assert.deepEqual(it.seen, [0, 1]);
    assert.deepEqual(late, [1]);
  });

  it('sends two subscribes for different wishes', () => {
    const it = subscribedWorld();
    it.client.subscribe('orders', {from: 'earliest', onRecord: () => {}});
    assert.equal(it.gateway.socket.commands('subscribe').length, 2);
  });

  it('unsubscribes when the last one leaves', () => {
    const it = subscribedWorld();
    const other = it.client.subscribe('orders', {onRecord: () => {}});
    it.subscription.unsubscribe();
    assert.equal(it.gateway.socket.commands('unsubscribe').length, 0);
    other.unsubscribe();
    assert.equal(it.gateway.socket.commands('unsubscribe')[0].subscription, 7);
  });

  it('waits for unsubscribed before it subscribes to the same channel again', () => {
    const it = subscribedWorld();
    it.subscription.unsubscribe();
    it.client.subscribe('orders', {onRecord: () => assert.fail('a record of the old subscription')});
    it.gateway.socket.records(7, 0);
    assert.equal(it.gateway.socket.commands('subscribe').length, 1);
    it.gateway.socket.reply('unsubscribe', {type: 'unsubscribed', subscription: 7});
    assert.equal(it.gateway.socket.commands('subscribe').length, 2);
    assert.equal(it.gateway.socket.commands('subscribe')[1].from, undefined);
  });

  it('unsubscribes what was confirmed after everybody left', () => {
    const it = openWorld();
    it.client.subscribe('orders').unsubscribe();
    it.gateway.socket.subscribed(7);
    assert.equal(it.gateway.socket.commands('unsubscribe')[0].subscription, 7);
  });

  it('tells a late caller where it starts and that it is live', async () => {
    const it = subscribedWorld();
    it.gateway.socket.say({type: 'live', subscription: 7});
    it.gateway.socket.records(7, 0, 1);
    let live = false;
    const late = it.client.subscribe('orders', {onRecord: () => {}, onLive: () => (live = true)});
    assert.equal((await late.ready).positions.orders[0], 2);
    assert.equal(live, true);
  });

  it('tells nothing more to a caller who leaves in the middle of a message', () => {
    const it = openWorld();
    const seen = [];
    const subscription = it.client.subscribe('orders', {onRecord: (record) => {
      seen.push(record.offset);
      subscription.unsubscribe();
      other.unsubscribe();
    }});
    const other = it.client.subscribe('orders', {onRecords: () => assert.fail('left already')});
    it.gateway.socket.subscribed(7);
    it.gateway.socket.records(7, 0, 1);
    assert.deepEqual(seen, [0]);
  });

  it('keeps other callers when the code of one throws', (t) => {
    t.mock.method(console, 'error', () => {});
    const it = openWorld();
    const seen = [];
    it.client.subscribe('orders', {onRecord: () => { throw new Error('of the caller'); }});
    it.client.subscribe('orders', {onRecord: (record) => seen.push(record.offset)});
    it.gateway.socket.subscribed(7);
    it.gateway.socket.records(7, 0, 1);
    assert.deepEqual(seen, [0, 1]);
    assert.equal(console.error.mock.callCount(), 2);
  });
});

describe('iterator', () => {
  it('gives records in order and unsubscribes when the loop is left', async () => {
    const it = subscribedWorld({onRecord: undefined});
    it.gateway.socket.records(7, 0, 1, 2);
    const offsets = [];
    for await (const record of it.subscription) {
      offsets.push(record.offset);
      if (record.offset === 2) break;
    }
    assert.deepEqual(offsets, [0, 1, 2]);
    assert.equal(it.gateway.socket.commands('unsubscribe').length, 1);
  });

  it('waits for a record', async () => {
    const it = subscribedWorld({onRecord: undefined});
    const next = it.subscription.next();
    it.gateway.socket.records(7, 0);
    assert.equal((await next).value.offset, 0);
  });

  it('reports a gap where the records would have stood', async () => {
    const it = subscribedWorld({onRecord: undefined});
    it.gateway.socket.records(7, 0);
    it.gateway.socket.say(
      {type: 'gap', subscription: 7, topic: 'orders', partition: 0, from: 1, to: 5, reason: 'overflow'});
    it.gateway.socket.records(7, 5);
    assert.equal((await it.subscription.next()).value.offset, 0);
    assert.equal(it.gaps.length, 0);
    assert.equal((await it.subscription.next()).value.offset, 5);
    assert.equal(it.gaps[0].to, 5);
  });

  it('never keeps a gap to itself', (t) => {
    t.mock.method(console, 'warn', () => {});
    const it = subscribedWorld({onGap: undefined});
    it.gateway.socket.say(
      {type: 'gap', subscription: 7, topic: 'orders', partition: 0, from: 0, to: 5, reason: 'overflow'});
    assert.equal(console.warn.mock.callCount(), 1);
  });

  it('leaves the wire when its buffer is full and comes back for exactly the rest', async () => {
    const it = subscribedWorld({onRecord: undefined, buffer: 4});
    const {socket} = it.gateway;
    socket.records(7, 0, 1, 2, 3);
    assert.equal(socket.commands('unsubscribe').length, 1);
    socket.records(7, 4, 5);
    socket.reply('unsubscribe', {type: 'unsubscribed', subscription: 7});
    await it.subscription.next();
    assert.equal(socket.commands('subscribe').length, 1);
    await it.subscription.next();
    assert.equal(socket.commands('subscribe').length, 2);
    assert.deepEqual(socket.commands('subscribe')[1].from.positions, {orders: {0: 4}});
    socket.subscribed(7, {orders: {0: 4}});
    socket.records(7, 4, 5);
    const offsets = [];
    while (offsets.length < 4) offsets.push((await it.subscription.next()).value.offset);
    assert.deepEqual(offsets, [2, 3, 4, 5]);
  });

  it('drops the oldest and says so with whenFull skip', async () => {
    const it = subscribedWorld({onRecord: undefined, buffer: 2, whenFull: 'skip'});
    it.gateway.socket.records(7, 0, 1, 2, 3, 4);
    assert.equal((await it.subscription.next()).value.offset, 3);
    assert.deepEqual(it.gaps, [{topic: 'orders', partition: 0, from: 0, to: 3, reason: 'client-overflow'}]);
  });

  it('has a resume point that excludes what still waits', async () => {
    const it = subscribedWorld({onRecord: undefined});
    it.gateway.socket.records(7, 0, 1, 2);
    await it.subscription.next();
    assert.equal(it.subscription.resumePoint.positions.orders[0], 1);
  });

  it('has a resume point behind the last record given, also after the loop was left', async () => {
    const it = subscribedWorld({onRecord: undefined});
    it.gateway.socket.records(7, 0, 1, 2, 3);
    for await (const record of it.subscription) {
      assert.equal(record.offset, 0);
      break;
    }
    assert.equal(it.subscription.resumePoint.positions.orders[0], 1);
    it.subscription.resumePoint.positions.orders[0] = 9;
    assert.equal(it.subscription.resumePoint.positions.orders[0], 1);
  });

  it('has a resume point that does not move on with a feed that others share', async () => {
    const it = subscribedWorld({onRecord: undefined});
    it.client.subscribe('orders', {onRecord() {}});
    it.gateway.socket.records(7, 0);
    await it.subscription.next();
    it.subscription.unsubscribe();
    it.gateway.socket.records(7, 1, 2);
    assert.equal(it.subscription.resumePoint.positions.orders[0], 1);
  });

  it('throws the reason when refused, and then is done', async () => {
    const it = openWorld();
    const subscription = it.client.subscribe('nothing');
    const next = subscription.next();
    it.gateway.socket.reply('subscribe', {type: 'error', code: 'unknown-channel', message: 'no such channel'});
    await assert.rejects(next, code('unknown-channel'));
    await assert.rejects(subscription.ready, code('unknown-channel'));
    assert.equal((await subscription.next()).done, true);
  });

  it('gives what came before the end, then throws', async () => {
    const it = subscribedWorld({onRecord: undefined});
    it.gateway.socket.records(7, 0);
    it.gateway.socket.say({type: 'ended', subscription: 7, code: 'topic-deleted', message: 'gone', positions: {}});
    assert.equal((await it.subscription.next()).value.offset, 0);
    await assert.rejects(it.subscription.next(), code('topic-deleted'));
  });

  it('ends when the client is closed', async () => {
    const it = subscribedWorld({onRecord: undefined});
    const next = it.subscription.next();
    it.client.close();
    assert.equal((await next).done, true);
  });
});

describe('publish', () => {
  const stored = (offset) => ({topic: 'orders', partition: 0, offset, timestamp: 9});

  it('resolves with what Kafka acknowledged', async () => {
    const it = openWorld();
    const publish = it.client.publish('orders', {key: 'k', headers: {a: 'b'}, value: {total: 1}});
    const [command] = it.gateway.socket.commands('publish');
    assert.deepEqual(command.records, [{key: 'k', headers: {a: 'b'}, value: {total: 1}}]);
    it.gateway.socket.reply('publish', {type: 'published', records: [stored(3)]});
    assert.deepEqual(await publish, stored(3));
  });

  it('resolves several in order', async () => {
    const it = openWorld();
    const publish = it.client.publish('orders', [{value: 1}, {value: 2}]);
    it.gateway.socket.reply('publish', {type: 'published', records: [stored(3), stored(4)]});
    assert.deepEqual((await publish).map(({offset}) => offset), [3, 4]);
  });

  it('rejects with each outcome when some failed', async () => {
    const it = openWorld();
    const publish = it.client.publish('orders', [{value: 1}, {value: 2}]);
    it.gateway.socket.reply('publish', {
      type: 'published', records: [stored(3), {error: {code: 'too-large', message: 'too large'}}]});
    await assert.rejects(publish, (error) => error.code === 'partial'
      && error.details.results[0].offset === 3 && error.details.results[1].code === 'too-large');
  });

  it('rejects a failed command with its code', async () => {
    const it = openWorld();
    const publish = it.client.publish('orders', {value: 1});
    it.gateway.socket.reply('publish', {type: 'error', code: 'unavailable', message: 'no broker'});
    await assert.rejects(publish, (error) => error.code === 'unavailable' && error.retriable);
  });

  it('says that the outcome is unknown when the connection is lost, and never sends again', async () => {
    const it = openWorld();
    const publish = it.client.publish('orders', {value: 1});
    reconnect(it);
    await assert.rejects(publish, (error) => error.code === 'outcome-unknown' && !error.retriable);
    assert.equal(it.gateway.socket.commands('publish').length, 0);
  });

  it('waits for a connection and keeps the order', () => {
    const it = world();
    for (const value of [1, 2, 3]) it.client.publish('orders', {value}).catch(() => {});
    it.client.on('state', () => it.client.publish('orders', {value: 4}).catch(() => {}));
    it.gateway.socket.welcome();
    assert.deepEqual(it.gateway.socket.commands('publish').map((command) => command.records[0].value), [1, 2, 3, 4]);
  });

  it('is not sent when no connection comes in time', async () => {
    const it = world({connectTimeoutMs: 100_000});
    const publish = it.client.publish('orders', {value: 1});
    it.clock.advance(10_000);
    await assert.rejects(publish, (error) => error.code === 'not-sent' && error.retriable);
    it.gateway.socket.welcome();
    assert.equal(it.gateway.socket.commands('publish').length, 0);
  });

  it('leaves no timer of a publish that was sent after waiting, or that was closed', async () => {
    const sent = world();
    sent.client.publish('orders', {value: 1}).catch(() => {});
    const before = sent.clock.pending;
    sent.gateway.socket.welcome();
    assert.equal(sent.clock.pending, before - 1);
    const closed = world();
    const publish = closed.client.publish('orders', {value: 1});
    closed.client.close();
    assert.equal(closed.clock.pending, 0);
    await assert.rejects(publish, code('closed'));
  });

  it('is refused beyond the bound of pending publishes', async () => {
    const it = openWorld({maxPendingPublishes: 1});
    it.client.publish('orders', {value: 1}).catch(() => {});
    await assert.rejects(it.client.publish('orders', {value: 2}), code('too-many'));
  });

  it('is refused without a value and above the size limit', async () => {
    const it = openWorld();
    await assert.rejects(it.client.publish('orders', {key: 'k'}), code('invalid'));
    await assert.rejects(it.client.publish('orders', {value: 'x'.repeat(1_000_000)}), code('too-large'));
    await assert.rejects(it.client.publish('orders', {value: 10n}), code('invalid'));
    assert.equal(it.gateway.socket.sent.length, 0);
  });
});

describe('bad input from the gateway', () => {
  for (const text of ['', '{"type":"records","subscr', '[]', 'null', '17', '"welcome"']) {
    it(`leaves a gateway that says ${JSON.stringify(text)}, and resumes`, () => {
      const it = subscribedWorld();
      it.gateway.socket.records(7, 0);
      it.gateway.socket.say(text);
      assert.equal(it.client.state, 'reconnecting');
      it.clock.advance(1_000);
      it.gateway.socket.welcome();
      assert.equal(it.gateway.socket.commands('subscribe')[0].from.positions.orders[0], 1);
    });
  }

  it('ignores unknown types, fields and subscriptions', () => {
    const it = subscribedWorld();
    it.gateway.socket.say({type: 'later', subscription: 7, x: 1});
    it.gateway.socket.say({type: 'records', subscription: 99, records: 'nonsense'});
    it.gateway.socket.say({type: 'pong', id: 4711});
    it.gateway.socket.say({x: 1});
    it.gateway.socket.records(7, 0);
    assert.deepEqual(it.seen, [0]);
    assert.equal(it.client.state, 'open');
  });

  for (const offset of ['9007199254740993', '1e400', '-1', '1.5', '"7"', 'null', '{}']) {
    it(`ends a subscription whose offset is ${offset}`, () => {
      let ended;
      const it = subscribedWorld({onEnded: (error) => (ended = error)});
      it.gateway.socket.say('{"type":"records","subscription":7,"records":'
        + `[{"topic":"orders","partition":0,"offset":${offset},"value":1}]}`);
      assert.equal(ended.code, 'protocol');
      assert.deepEqual(it.seen, []);
      assert.equal(it.client.state, 'open');
      assert.equal(it.gateway.socket.commands('unsubscribe')[0].subscription, 7);
    });
  }

  it('is not poisoned by prototype names', () => {
    const it = subscribedWorld();
    const {socket} = it.gateway;
    socket.say('{"__proto__":{"x":1},"type":"later","constructor":{"prototype":{"x":1}}}');
    socket.say('{"type":"position","subscription":7,"positions":{"__proto__":{"0":5},"constructor":{"0":5}}}');
    socket.say('{"type":"records","subscription":7,"records":'
      + '[{"topic":"__proto__","partition":0,"offset":9,"headers":{"__proto__":"x"},"value":{"__proto__":{"x":1}}}]}');
    assert.equal({}.x, undefined);
    assert.equal({}['0'], undefined);
    const {positions} = it.subscription.resumePoint;
    assert.equal(Object.getPrototypeOf(positions), null);
    assert.match(JSON.stringify(positions), /"__proto__":\{"0":10\}/);
  });

  it('reports an error that belongs to no command', () => {
    const it = openWorld();
    const errors = [];
    it.client.on('error', (error) => errors.push(error.code));
    it.gateway.socket.say({type: 'error', code: 'ack-failed', message: 'x'});
    assert.deepEqual(errors, ['ack-failed']);
  });
});
