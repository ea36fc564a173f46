import assert from 'node:assert/strict';
import {describe, it} from 'node:test';

import {openWorld, subscribedWorld, code} from './world.js';

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

  it('drops the oldest and says so with skipBeyond', async () => {
    const it = subscribedWorld({onRecord: undefined, skipBeyond: 2});
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
