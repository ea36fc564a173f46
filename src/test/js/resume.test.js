import assert from 'node:assert/strict';
import {describe, it} from 'node:test';

import {openWorld, subscribedWorld, reconnect} from './world.js';

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

  it('starts a recreated topic at its beginning where records of the old one still wait', async () => {
    const it = subscribedWorld({onRecord: undefined});
    it.gateway.socket.records(7, 0, 1, 2);
    await it.subscription.next();
    it.gateway.socket.say(
      {type: 'gap', subscription: 7, topic: 'orders', partition: 0, from: 3, to: null, reason: 'topic-recreated'});
    it.gateway.socket.records(7, 0, 1);
    assert.deepEqual(JSON.parse(JSON.stringify(it.subscription.resumePoint)), {positions: {orders: {0: 0}}, topicIds: {}});
    for (let i = 0; i < 3; i++) await it.subscription.next();
    assert.equal(it.subscription.resumePoint.positions.orders[0], 1);
  });

  it('starts it there too before it has heard of the gap, the new identity being known', () => {
    const it = subscribedWorld({onRecord: undefined});
    it.gateway.socket.records(7, 0, 1, 2);
    reconnect(it);
    it.gateway.socket.subscribed(8, {orders: {0: 0}}, {orders: 'id-2'});
    assert.deepEqual(JSON.parse(JSON.stringify(it.subscription.resumePoint)),
      {positions: {orders: {0: 0}}, topicIds: {orders: 'id-2'}});
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
