import assert from 'node:assert/strict';
import {describe, it} from 'node:test';

import {settled, streamsWorld} from './streams.js';
import {FakeGateway} from './fakes.js';
import {code} from './world.js';

const offsets = (count) => Array.from({length: count}, (_, i) => i);

describe('credit over event streams', () => {
  it('that a callback grants at once is credit', async () => {
    const {client, requests} = await streamsWorld();
    const seen = [];
    const subscription = client.subscribe('orders', {credit: 3, onRecords: (records) => {
      seen.push(...records.map(({offset}) => offset));
      subscription.grant(records.length);
    }});
    await settled();
    requests[0].subscribed().records(...offsets(10));
    await settled();
    assert.deepEqual(seen, offsets(10));
    client.close();
  });

  it('is waited for where nobody grants any', async () => {
    const {client, requests} = await streamsWorld();
    const seen = [];
    const subscription = client.subscribe('orders', {credit: 3, onRecord: ({offset}) => seen.push(offset)});
    await settled();
    requests[0].subscribed().records(...offsets(10));
    await settled();
    assert.deepEqual(seen, offsets(3));
    subscription.grant(2);
    await settled();
    assert.deepEqual(seen, offsets(5));
    client.close();
  });
});

describe('an event stream that ends', () => {
  /** Two subscriptions, the second of which is not iterated, and a publish that waits for its answer. */
  const twoStreams = async () => {
    const it = await streamsWorld();
    const seen = [];
    it.client.subscribe('others', {onRecord: ({offset}) => seen.push(offset)});
    const slow = it.client.subscribe('orders', {credit: 2});
    await settled();
    const [other, first] = it.requests;
    other.subscribed();
    first.subscribed().records(0, 1, 2, 3);
    const publish = it.client.publish('orders', {value: 1});
    await settled();
    return {...it, seen, slow, other, first, publish, post: it.requests[2]};
  };

  it('while its reader waited is opened again by itself, and disturbs nobody', async () => {
    const {clock, requests, client, states, seen, slow, other, first, publish, post} = await twoStreams();
    clock.advance(12_000);
    other.records(0);
    await settled();
    clock.advance(12_000);
    first.end();
    for (let i = 0; i < 4; i++) assert.equal((await slow.next()).value.offset, i);
    await settled();
    clock.advance(1_000);
    await settled();
    assert.match(requests[3].url.href, /orders/);
    requests[3].subscribed(4).records(4);
    assert.equal((await slow.next()).value.offset, 4);
    other.records(1);
    post.answer(200, {records: [{topic: 'orders', partition: 0, offset: 9, timestamp: 1}]});
    assert.equal((await publish).offset, 9);
    await settled();
    assert.deepEqual(seen, [0, 1]);
    assert.deepEqual([states, requests.length], [['open'], 4]);
    client.close();
  });

  it('otherwise is the end of the connection', async () => {
    const {states, slow, first, client, publish} = await twoStreams();
    const outcome = assert.rejects(publish, code('outcome-unknown'));
    first.end();
    for (let i = 0; i < 4; i++) await slow.next();
    await settled();
    assert.deepEqual(states, ['open', 'waiting']);
    await outcome;
    client.close();
  });
});

describe('event streams of a gateway that goes away', () => {
  for (const [one, two] of [[900, 1_900], [1_900, 900]]) {
    it(`are left at the first of their times: ${one} and ${two} ms`, async () => {
      const {clock, requests, client, states} = await streamsWorld();
      for (const channel of ['orders', 'others']) client.subscribe(channel, {onRecord() {}});
      await settled();
      requests[0].subscribed().say('draining', {reconnectAfterMs: one, subscriptions: []});
      requests[1].subscribed().say('draining', {reconnectAfterMs: two, subscriptions: []});
      await settled();
      clock.advance(899);
      assert.equal(client.state, 'draining');
      clock.advance(1);
      assert.equal(states.includes('waiting'), true);
      clock.advance(0);
      assert.equal(client.state, 'connecting');
      client.close();
    });
  }
});

describe('a publish over event streams', () => {
  it('whose token is still awaited when the client is closed is not sent', async () => {
    let give;
    let asked = 0;
    const token = () => (++asked < 3 ? 'x' : new Promise((resolve) => (give = resolve)));
    const {client, requests} = await streamsWorld({token});
    const publish = client.publish('orders', {value: 1});
    await settled();
    client.close();
    await assert.rejects(publish, code('not-sent'));
    give('x');
    await settled();
    assert.deepEqual(requests, []);
  });

  it('that was sent when the client is closed is stored or not', async () => {
    const {client, requests} = await streamsWorld();
    const [first, second] = [1, 2].map((value) => client.publish('orders', {value}));
    await settled();
    client.close();
    await assert.rejects(first, code('outcome-unknown'));
    await assert.rejects(second, code('not-sent'));
    assert.equal(requests.length, 1);
  });
});

describe('WebSocket, while event streams stand in for it', () => {
  it('is tried when it is due, however often the streams break; later only after it has failed', async () => {
    const gateway = new FakeGateway();
    const world = await streamsWorld({transport: 'auto', WebSocket: gateway.WebSocket, retryWebSocketMs: 60_000});
    const {clock, requests, client} = world;
    for (let i = 0; i < 2; i++) {
      gateway.socket.break();
      clock.advance(1_000);
      await settled();
    }
    assert.equal(client.transport, 'sse');
    client.subscribe('orders', {onRecord() {}});
    const tries = [];
    for (let second = 0; second < 200; second++) {
      if (second % 25 === 24) requests.at(-1).break(); // a proxy that cuts every answer
      clock.advance(1_000);
      await settled();
      if (gateway.sockets.length > 2 + tries.length) {
        tries.push(second);
        gateway.socket.break();
      }
      if (requests.at(-1).signal.aborted === false && !requests.at(-1).isBegun) requests.at(-1).subscribed();
    }
    assert.equal(tries.length, 2, tries.join());
    assert.ok(tries[0] >= 58 && tries[0] <= 62, `first after ${tries[0]} s`);
    assert.ok(tries[1] - tries[0] >= 119 && tries[1] - tries[0] <= 123, `second ${tries[1] - tries[0]} s later`);
    client.close();
  });
});
