import assert from 'node:assert/strict';
import {describe, it} from 'node:test';

import {code, openWorld, reconnect} from './world.js';

const asked = (options) => {
  const {client, gateway} = openWorld();
  client.subscribe('orders', {onRecord() {}, ...options});
  const {id, type, channel, ...rest} = gateway.socket.commands('subscribe')[0];
  return rest;
};

describe('options of subscribe', () => {
  it('go to the gateway as they are, callbacks and what is undefined left out', () => {
    const options = {key: {base64: 'AAA='}, fields: ['$.total'], maxRate: 2.5, overflow: 'skip', value: 'text', later: [1]};
    assert.deepEqual(asked({...options, onGap() {}, onLive() {}, onSubscribed() {}, onEnded() {}, mode: undefined}), options);
  });

  for (const from of ['latest', 'earliest', {tail: 100}, {timestamp: 5}, {timestamp: '2026-01-31T12:00:00Z'},
    {positions: {orders: {0: 5}}, topicIds: {orders: 'x'}}]) {
    it(`know from ${JSON.stringify(from)}`, () => assert.deepEqual(asked({from}), {from}));
  }

  it('take a Date as a time', () => {
    assert.deepEqual(asked({from: {timestamp: new Date(5_000)}}), {from: {timestamp: 5_000}});
    assert.throws(() => asked({from: {timestamp: new Date(NaN)}}), (error) => error.field === 'from.timestamp');
  });

  it('that cannot be written as JSON are refused at once', () => {
    const circle = {};
    circle.again = circle;
    assert.throws(() => asked({later: 10n}), code('invalid'));
    assert.throws(() => asked({later: circle}), code('invalid'));
    assert.throws(() => openWorld().client.subscribe(7), code('invalid'));
  });

  it('cannot take the place of what the client writes itself', () => {
    const {client, gateway} = openWorld();
    client.subscribe('orders', {id: 99, type: 'publish', channel: 'others', onRecord() {}});
    const [{id, channel}] = gateway.socket.commands('subscribe');
    assert.deepEqual([id === 99, channel], [false, 'orders']);
  });
});

describe('a glob', () => {
  const globWorld = () => {
    const it = openWorld();
    const seen = [];
    const subscription = it.client.subscribe('demo.*', {onRecord: ({topic, offset}) => seen.push(`${topic}:${offset}`)});
    it.gateway.socket.subscribed(7, {'demo.a': {0: 5}, 'demo.b': {0: 1, 1: 2}}, {'demo.a': 'id-a', 'demo.b': 'id-b'});
    return {...it, subscription, seen};
  };
  const say = ({gateway}, topic, offset, subscription = 7) => gateway.socket.say({type: 'records', subscription, records: [
    {topic, partition: 0, offset, timestamp: 1, key: null, headers: {}, value: 1}]});

  it('has positions of each of its topics', () => {
    const it = globWorld();
    say(it, 'demo.b', 1);
    assert.deepEqual(JSON.parse(JSON.stringify(it.subscription.resumePoint)), {
      positions: {'demo.a': {0: 5}, 'demo.b': {0: 2, 1: 2}}, topicIds: {'demo.a': 'id-a', 'demo.b': 'id-b'}});
  });

  it('takes topics that are created later from their oldest record, and remembers them', () => {
    const it = globWorld();
    say(it, 'demo.new', 0);
    reconnect(it);
    const {from} = it.gateway.socket.commands('subscribe')[0];
    assert.deepEqual(from.positions['demo.new'], {0: 1});
    assert.equal(from.topicIds['demo.new'], undefined);
    it.gateway.socket.subscribed(8, from.positions, {'demo.a': 'id-a', 'demo.b': 'id-b', 'demo.new': 'id-new'});
    assert.equal(it.subscription.resumePoint.topicIds['demo.new'], 'id-new');
    say(it, 'demo.new', 0, 8);
    say(it, 'demo.new', 1, 8);
    assert.deepEqual(it.seen, ['demo.new:0', 'demo.new:1']);
  });

  it('moves its resume point along with what was scanned', () => {
    const it = globWorld();
    it.gateway.socket.say({type: 'position', subscription: 7, positions: {'demo.a': {0: 90}, 'demo.b': {0: 0}, 'demo.c': {0: 3}}});
    assert.deepEqual(JSON.parse(JSON.stringify(it.subscription.resumePoint.positions)),
      {'demo.a': {0: 90}, 'demo.b': {0: 1, 1: 2}, 'demo.c': {0: 3}});
  });

  it('reads one of its topics from the beginning when that was made anew, the others from where they were', () => {
    const it = globWorld();
    say(it, 'demo.a', 5);
    reconnect(it);
    it.gateway.socket.subscribed(8, {'demo.a': {0: 0}, 'demo.b': {0: 1, 1: 2}}, {'demo.a': 'id-a2', 'demo.b': 'id-b'});
    say(it, 'demo.a', 0, 8);
    say(it, 'demo.b', 0, 8);
    assert.deepEqual(it.seen, ['demo.a:5', 'demo.a:0']);
  });
});
