import assert from 'node:assert/strict';
import {describe, it} from 'node:test';

import {openWorld, subscribedWorld} from './world.js';

describe('bad input from the gateway', () => {
  for (const text of ['', '{"type":"records","subscr', '[]', 'null', '17', '"welcome"']) {
    it(`leaves a gateway that says ${JSON.stringify(text)}, and resumes`, () => {
      const it = subscribedWorld();
      it.gateway.socket.records(7, 0);
      it.gateway.socket.say(text);
      assert.equal(it.client.state, 'waiting');
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

  for (const offset of ['9007199254740993', '1e400', '-1', '1.5', '"7"', 'null', '{}', '{"toString":1}']) {
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

  it('takes nothing from the good records before a bad one', () => {
    let ended;
    const it = subscribedWorld({onEnded: (error) => (ended = error)});
    it.gateway.socket.say('{"type":"records","subscription":7,"records":['
      + '{"topic":"orders","partition":0,"offset":5,"value":1},{"topic":"orders","partition":0,"offset":9007199254740992,"value":2}]}');
    assert.deepEqual(it.seen, [5]);
    assert.equal(ended.code, 'protocol');
    assert.equal(it.subscription.resumePoint.positions.orders[0], 6);
  });

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
    it.client.addEventListener('error', ({error}) => errors.push(error.code));
    it.gateway.socket.say({type: 'error', code: 'ack-failed', message: 'x'});
    assert.deepEqual(errors, ['ack-failed']);
  });
});
