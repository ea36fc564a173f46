import assert from 'node:assert/strict';
import {describe, it} from 'node:test';

import {openWorld, subscribedWorld} from './world.js';

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
