import assert from 'node:assert/strict';
import {describe, it} from 'node:test';

import {failure, failureOf} from '../../main/javascript/errors.js';
import * as lib from '../../main/javascript/index.js';
import {openWorld, world} from './world.js';

describe('errors', () => {
  for (const [code, type, retriable] of [
    ['outcome-unknown', 'OutcomeUnknownError', false], ['timeout', 'OutcomeUnknownError', false],
    ['not-sent', 'NotSentError', true], ['unavailable', 'UnavailableError', true], ['partial', 'PartialPublishError', false],
    ['invalid', 'InvalidError', false], ['unknown-channel', 'UnknownChannelError', false],
    ['offset-out-of-range', 'OffsetOutOfRangeError', false], ['unauthenticated', 'AccessError', false],
    ['forbidden', 'AccessError', false], ['too-large', 'LimitError', false], ['too-many', 'LimitError', false],
    ['rate-limited', 'LimitError', true], ['protocol', 'ProtocolError', false], ['closed', 'ClosedError', false],
    ['of-a-later-gateway', 'SluiceError', false],
  ]) {
    it(`${code} is a ${type}`, () => {
      const error = failure(code, 'words');
      assert.equal(error.constructor, lib[type]);
      assert.ok(error instanceof lib.SluiceError && error instanceof Error);
      assert.deepEqual([error.name, error.code, error.message, error.retriable], [type, code, 'words', retriable]);
    });
  }

  it('keep what else the gateway said, without a prototype', () => {
    const error = failureOf(JSON.parse('{"type":"error","id":1,"code":"offset-out-of-range","message":"m","field":"from",'
      + '"topic":"orders","partition":0,"oldest":5,"head":9,"__proto__":{"x":1}}'));
    assert.equal(error.field, 'from');
    assert.deepEqual([error.details.topic, error.details.oldest, error.details.head, error.x], ['orders', 5, 9, undefined]);
    assert.equal(Object.getPrototypeOf(error.details), null);
  });

  it('have a code and words even where the gateway gives none', () => {
    const error = failureOf({code: {toString: 1}, message: null, field: 7});
    assert.deepEqual([error.code, error.message, error.field], ['internal', 'failed', undefined]);
  });
});

describe('options of connect', () => {
  for (const [url, options, field] of [
    ['ftp://gateway/', {}, 'url'], ['/no-host', {}, 'url'], ['ws://g/', {transport: 'carrier-pigeon'}, 'transport'],
    ['ws://g/', {tokens: 'x'}, 'tokens'], ['ws://g/', {token: 'a text'}, 'token'],
    ['ws://g/other', {transport: 'sse'}, 'url'], ['ws://g/', {transport: 'websocket', WebSocket: null}, 'WebSocket'],
    ['ws://g/', {transport: 'sse', fetch: null}, 'fetch'], ['ws://g/', {fetch: 'curl'}, 'fetch'],
    ['ws://g/', {WebSocket: 'ws'}, 'WebSocket'], ['ws://g/', {random: 0.5}, 'random'],
    ['ws://g/', {publishWaitMs: Infinity}, 'publishWaitMs'], ['ws://g/', {publishWaitMs: -1}, 'publishWaitMs'],
    ['ws://g/', {publishWaitMs: 2 ** 31}, 'publishWaitMs'], ['ws://g/', {connectTimeoutMs: '5s'}, 'connectTimeoutMs'],
    ['ws://g/', {connectTimeoutMs: 0}, 'connectTimeoutMs'], ['ws://g/', {backoffMinMs: NaN}, 'backoffMinMs'],
    ['ws://g/', {backoffMaxMs: null}, 'backoffMaxMs'], ['ws://g/', {retryWebSocketMs: 0}, 'retryWebSocketMs'],
    ['ws://g/', {maxEventStreams: 0}, 'maxEventStreams'], ['ws://g/', {maxEventStreams: 1.5}, 'maxEventStreams'],
    ['ws://g/', {maxPendingPublishes: Infinity}, 'maxPendingPublishes'],
    ['ws://g/', {maxPendingCharacters: '16M'}, 'maxPendingCharacters'],
  ]) {
    it(`are refused by name: ${url} ${Object.entries(options)}`, () => {
      assert.throws(() => lib.connect(url, {WebSocket: class {}, ...options}),
        (error) => error instanceof lib.InvalidError && error.field === field);
    });
  }

  it('that are undefined are as if they were not there', () => {
    const {client} = world({token: undefined, publishWaitMs: undefined});
    assert.equal(client.state, 'connecting');
    client.close();
  });
});

describe('describe', () => {
  it('asks for all, or for one', async () => {
    const it = openWorld();
    const all = it.client.describe();
    assert.equal('channel' in it.gateway.socket.commands('describe')[0], false);
    const channel = {channel: 'orders', topics: ['orders'], partitions: 3, subscribe: true, publish: false, modes: ['broadcast']};
    it.gateway.socket.reply('describe', {type: 'described', channels: [channel], truncated: true});
    assert.deepEqual(await all, {channels: [channel], truncated: true});
    it.client.describe('demo.*').catch(() => {});
    assert.equal(it.gateway.socket.commands('describe')[1].channel, 'demo.*');
  });

  it('fails with what the gateway says, without a connection, and when the connection is lost', async () => {
    const it = openWorld();
    const refused = it.client.describe('no');
    it.gateway.socket.reply('describe', {type: 'error', code: 'unknown-channel', message: 'none'});
    await assert.rejects(refused, {code: 'unknown-channel'});
    const lost = it.client.describe();
    it.gateway.socket.break();
    await assert.rejects(lost, {code: 'not-sent'});
    await assert.rejects(it.client.describe(), {code: 'not-sent'});
  });
});
