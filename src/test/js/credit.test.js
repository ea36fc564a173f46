import assert from 'node:assert/strict';
import {describe, it} from 'node:test';

import {code, openWorld, reconnect, subscribedWorld} from './world.js';

const iterated = (options) => subscribedWorld({onRecord: undefined, ...options});
const credits = (gateway) => gateway.socket.commands('credit').map(({subscription, records}) => [subscription, records]);

describe('credit of an iterator', () => {
  it('is asked for with the subscription, 1,000 where nothing is said', () => {
    assert.equal(iterated({}).gateway.socket.commands('subscribe')[0].credit, 1_000);
    assert.equal(iterated({credit: 20}).gateway.socket.commands('subscribe')[0].credit, 20);
  });

  it('is topped up when half of it has been taken', async () => {
    const it = iterated({credit: 4});
    it.gateway.socket.records(7, 0, 1, 2, 3);
    await it.subscription.next();
    assert.deepEqual(credits(it.gateway), []);
    await it.subscription.next();
    assert.deepEqual(credits(it.gateway), [[7, 2]]);
    await it.subscription.next();
    await it.subscription.next();
    assert.deepEqual(credits(it.gateway), [[7, 2], [7, 2]]);
  });

  it('is topped up by an iterator that waits', () => {
    const it = iterated({credit: 2});
    for (let i = 0; i < 4; i++) it.subscription.next();
    it.gateway.socket.records(7, 0);
    it.gateway.socket.records(7, 1);
    assert.deepEqual(credits(it.gateway), [[7, 1], [7, 1]]);
  });

  it('of one record goes on record by record', async () => {
    const it = iterated({credit: 1});
    for (let offset = 0; offset < 3; offset++) {
      it.gateway.socket.records(7, offset);
      assert.equal((await it.subscription.next()).value.offset, offset);
    }
    assert.deepEqual(credits(it.gateway), [[7, 1], [7, 1], [7, 1]]);
  });

  it('counts what came twice as sent', async () => {
    const it = iterated({credit: 4});
    it.gateway.socket.records(7, 0, 1);
    it.gateway.socket.records(7, 0, 1);
    await it.subscription.next();
    await it.subscription.next();
    assert.deepEqual(credits(it.gateway).reduce((sum, [, records]) => sum + records, 0), 4);
  });

  it('after a reconnect is what there is room for', async () => {
    const it = iterated({credit: 4});
    it.gateway.socket.records(7, 0, 1, 2);
    await it.subscription.next();
    reconnect(it);
    assert.equal(it.gateway.socket.commands('subscribe')[0].credit, 2);
  });

  it('is that of the slowest of those who share', async () => {
    const it = iterated({credit: 4});
    const other = it.client.subscribe('orders', {credit: 4});
    it.gateway.socket.records(7, 0, 1, 2, 3);
    for (let i = 0; i < 4; i++) await it.subscription.next();
    assert.deepEqual(credits(it.gateway), []);
    await other.next();
    await other.next();
    assert.deepEqual(credits(it.gateway), [[7, 2]]);
    other.unsubscribe();
    assert.deepEqual(credits(it.gateway), [[7, 2], [7, 2]]);
  });

  it('is plenty once only callers without a limit are left', () => {
    const it = iterated({credit: 4});
    it.client.subscribe('orders', {onRecord: () => {}});
    it.subscription.unsubscribe();
    assert.deepEqual(credits(it.gateway), [[7, 99_996]]);
  });

  it('is none where the oldest may be dropped', () => {
    assert.equal(iterated({skipBeyond: 10}).gateway.socket.commands('subscribe')[0].credit, undefined);
  });

  it('comes to a subscription that began without: it is left and come back to at exactly the next record', async () => {
    const it = subscribedWorld();
    const slow = it.client.subscribe('orders', {credit: 2});
    const {socket} = it.gateway;
    assert.equal(socket.commands('subscribe').length, 1);
    assert.equal(socket.commands('subscribe')[0].credit, undefined);
    socket.records(7, 0, 1);
    assert.equal(socket.commands('unsubscribe')[0].subscription, 7);
    socket.records(7, 2, 3);
    socket.reply('unsubscribe', {type: 'unsubscribed', subscription: 7});
    assert.equal(socket.commands('subscribe')[1].credit, 0);
    assert.deepEqual(socket.commands('subscribe')[1].from.positions, {orders: {0: 2}});
    socket.subscribed(7, {orders: {0: 2}});
    assert.deepEqual(credits(it.gateway), []);
    assert.equal((await slow.next()).value.offset, 0);
    assert.deepEqual(credits(it.gateway), [[7, 1]]);
    socket.records(7, 2);
    assert.deepEqual(it.seen, [0, 1, 2]);
  });
});

describe('credit of callbacks', () => {
  it('is not limited where nothing is said', () => {
    assert.equal(subscribedWorld().gateway.socket.commands('subscribe')[0].credit, undefined);
  });

  it('is granted by the caller', () => {
    const it = subscribedWorld({credit: 2});
    assert.equal(it.gateway.socket.commands('subscribe')[0].credit, 2);
    it.gateway.socket.records(7, 0, 1);
    assert.deepEqual(credits(it.gateway), []);
    it.subscription.grant(3);
    assert.deepEqual(credits(it.gateway), [[7, 3]]);
  });

  it('may begin with none', () => {
    const it = subscribedWorld({credit: 0});
    assert.equal(it.gateway.socket.commands('subscribe')[0].credit, 0);
    it.subscription.grant(1);
    it.gateway.socket.records(7, 0);
    assert.deepEqual(it.seen, [0]);
  });

  it('holds back what was not granted, and its resume point with it', () => {
    const it = subscribedWorld({credit: 1});
    it.gateway.socket.records(7, 0, 1, 2);
    it.gateway.socket.say({type: 'live', subscription: 7});
    assert.deepEqual(it.seen, [0]);
    assert.equal(it.subscription.resumePoint.positions.orders[0], 1);
    it.subscription.grant(2);
    assert.deepEqual(it.seen, [0, 1, 2]);
  });

  it('may be granted by the callback itself, in order', () => {
    const seen = [];
    const it = openWorld();
    const subscription = it.client.subscribe('orders', {credit: 1, onRecord: (record) => {
      subscription.grant(1);
      seen.push(record.offset);
    }});
    it.gateway.socket.subscribed(7);
    it.gateway.socket.records(7, 0, 1, 2);
    assert.deepEqual(seen, [0, 1, 2]);
  });

  it('cuts a message into what was granted', () => {
    const batches = [];
    const it = openWorld();
    const subscription = it.client.subscribe('orders', {credit: 2, onRecords: (records) => batches.push(records.length)});
    it.gateway.socket.subscribed(7);
    it.gateway.socket.records(7, 0, 1, 2, 3, 4);
    subscription.grant(10);
    assert.deepEqual(batches, [2, 3]);
  });

  it('is after a reconnect what is left of it', () => {
    const it = subscribedWorld({credit: 5});
    it.gateway.socket.records(7, 0, 1);
    reconnect(it);
    assert.equal(it.gateway.socket.commands('subscribe')[0].credit, 3);
  });
});

describe('options of intake', () => {
  for (const options of [
    {credit: 0}, {credit: -1}, {credit: 1.5}, {credit: '9'}, {skipBeyond: 0}, {skipBeyond: 5, credit: 5},
    {skipBeyond: 5, onRecord() {}}, {credit: -1, onRecord() {}},
  ]) {
    it(`are refused by name where they are wrong: ${Object.entries(options).join(' ')}`, () => {
      const {client} = openWorld();
      assert.throws(() => client.subscribe('orders', options), (error) => error.code === 'invalid' && error.field !== undefined);
    });
  }

  it('have something to grant only with callbacks and a credit', () => {
    const it = openWorld();
    assert.throws(() => it.client.subscribe('orders').grant(1), code('invalid'));
    assert.throws(() => it.client.subscribe('others', {onRecord() {}}).grant(1), code('invalid'));
    const granted = it.client.subscribe('more', {credit: 0, onRecord() {}});
    assert.throws(() => granted.grant(0), code('invalid'));
    assert.throws(() => granted.grant(1.5), code('invalid'));
  });
});
