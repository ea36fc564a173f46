import assert from 'node:assert/strict';
import {describe, it} from 'node:test';

import {world, openWorld, reconnect, code} from './world.js';

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
    it.client.addEventListener('state', () => it.client.publish('orders', {value: 4}).catch(() => {}));
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

  it('is refused beyond the bound of pending publishes, and safe to try again', async () => {
    const it = openWorld({maxPendingPublishes: 1});
    const first = it.client.publish('orders', {value: 1});
    await assert.rejects(it.client.publish('orders', {value: 2}), (error) => error.code === 'not-sent' && error.retriable);
    it.gateway.socket.reply('publish', {type: 'published', records: [stored(3)]});
    await first;
    it.client.publish('orders', {value: 3}).catch(() => {});
    assert.equal(it.gateway.socket.commands('publish').length, 2);
  });

  it('is refused beyond the bound of pending characters', async () => {
    const it = world({maxPendingCharacters: 50});
    it.client.publish('orders', {value: 'x'.repeat(20)}).catch(() => {});
    await assert.rejects(it.client.publish('orders', {value: 'x'.repeat(20)}), code('not-sent'));
  });

  it('is refused at once without a connection where it shall not wait', async () => {
    const it = world({publishWaitMs: 0});
    await assert.rejects(it.client.publish('orders', {value: 1}), (error) => error.code === 'not-sent' && error.retriable);
    it.gateway.socket.welcome();
    assert.equal(it.gateway.socket.commands('publish').length, 0);
  });

  it('sends what was given, whatever the caller does to it afterwards', () => {
    const it = world();
    const record = {value: {total: 1}};
    it.client.publish('orders', record).catch(() => {});
    record.value.total = 2;
    it.gateway.socket.welcome();
    assert.deepEqual(it.gateway.socket.commands('publish')[0].records, [{value: {total: 1}}]);
  });

  for (const [what, records] of [['no list', 5], ['too few', []], ['no offset', [{topic: 'orders', partition: 0}]],
    ['an unsafe offset', [{topic: 'orders', partition: 0, offset: 2 ** 53}]], ['nothing', undefined], ['null', [null]]]) {
    it(`is rejected when the gateway tells ${what} as the outcome`, async () => {
      const it = openWorld();
      const publish = it.client.publish('orders', {value: 1});
      it.gateway.socket.reply('publish', {type: 'published', records});
      await assert.rejects(publish, code('protocol'));
      assert.equal(it.client.state, 'open');
    });
  }

  for (const [what, value] of [['NaN', NaN], ['Infinity', Infinity], ['an invalid Date', new Date(NaN)], ['a function', () => 1],
    ['a Number that is none', new Number(NaN)], ['what writes itself as null', {toJSON: () => null}]]) {
    it(`is refused for ${what}, which JSON would turn into a tombstone`, async () => {
      const it = openWorld();
      for (const records of [{key: '42', value}, [{value: 1}, {key: '42', value}]]) {
        await assert.rejects(it.client.publish('orders', records), (error) => error.code === 'invalid' && error.field === 'value');
      }
      await assert.rejects(it.client.publish('orders', {key: value, value: 1}), (error) => error.field === 'key');
      assert.equal(it.gateway.socket.sent.length, 0);
    });
  }

  it('of null is a tombstone, and undefined beside it is nothing', () => {
    const it = openWorld();
    it.client.publish('orders', {key: undefined, value: null}).catch(() => {});
    assert.deepEqual(it.gateway.socket.commands('publish')[0].records, [{value: null}]);
  });

  it('is refused without a value and above the size limit', async () => {
    const it = openWorld();
    await assert.rejects(it.client.publish('orders', {key: 'k'}), code('invalid'));
    await assert.rejects(it.client.publish('orders', {value: 'x'.repeat(1_000_000)}), code('too-large'));
    await assert.rejects(it.client.publish('orders', {value: 10n}), code('invalid'));
    await assert.rejects(it.client.publish('orders', []), code('invalid'));
    await assert.rejects(it.client.publish(5, {value: 1}), code('invalid'));
    assert.equal(it.gateway.socket.sent.length, 0);
  });
});
