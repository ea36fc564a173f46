import assert from 'node:assert/strict';
import {describe, it} from 'node:test';

import {channelAddress, streamAddress} from '../../main/javascript/channel-address.js';
import {EventStreamParser} from '../../main/javascript/event-stream-parser.js';
import {httpLoss, publishFailure, streamFailure} from '../../main/javascript/http-answer.js';
import {Backoff, isFinal, TransportChoice} from '../../main/javascript/reconnect.js';
import {subprotocol} from '../../main/javascript/token.js';

describe('event stream parser', () => {
  const STREAM = '\u{feff}: comment\n\nretry: 1500\n\nevent: gap\r\ndata: {"a":1}\r\n\r\ndata\ndata: b\r\rid: x~y\n\n'
    + 'data:  two spaces\nid: n\0\nnonsense\nevent\n\ndata: ümlaut\n\nid\n\n';
  const BLOCKS = [
    {retry: 1500}, {event: 'gap', data: '{"a":1}'}, {data: '\nb'}, {id: 'x~y'}, {data: ' two spaces', event: ''},
    {data: 'ümlaut'}, {id: ''},
  ];

  it('reads blocks, those without data too', () => {
    const text = new TextDecoder().decode(new TextEncoder().encode(STREAM));
    assert.deepEqual(new EventStreamParser().push(text), BLOCKS);
  });

  it('reads the same however it is cut', () => {
    const bytes = new TextEncoder().encode(STREAM);
    for (let at = 0; at <= bytes.length; at++) {
      const decoder = new TextDecoder();
      const parser = new EventStreamParser();
      const pieces = [bytes.subarray(0, at), bytes.subarray(at)];
      assert.deepEqual(pieces.flatMap((piece) => parser.push(decoder.decode(piece, {stream: true}))), BLOCKS, `cut at ${at}`);
    }
    const decoder = new TextDecoder();
    const parser = new EventStreamParser();
    const single = Array.from(bytes, (byte) => parser.push(decoder.decode(new Uint8Array([byte]), {stream: true})));
    assert.deepEqual(single.flat(), BLOCKS);
  });

  it('gives no block that is not whole', () => {
    assert.deepEqual(new EventStreamParser().push('data: half\n'), []);
  });

  it('refuses a block that never ends', () => {
    const parser = new EventStreamParser();
    const mebi = 'x'.repeat(1024 * 1024);
    assert.throws(() => {
      for (let i = 0; i < 70; i++) parser.push(mebi);
    }, {code: 'protocol'});
    const lines = new EventStreamParser();
    assert.throws(() => {
      for (let i = 0; i < 70; i++) lines.push(`data: ${mebi}\n`);
    }, {code: 'protocol'});
  });
});

describe('address of a channel', () => {
  const BASE = 'https://gateway:8443/prefix/v1/channels/';

  for (const [channel, path] of [
    ['orders', 'orders'], ['prices/EUR USD', 'prices/EUR%20USD'], ['a+b?c#d%', 'a%2Bb%3Fc%23d%25'], ['ü', '%C3%BC'],
  ]) {
    it(`of ${channel} ends in ${path}`, () => {
      assert.equal(channelAddress(BASE, channel).href, BASE + path);
    });
  }

  for (const channel of ['', '.', '..', 'a/../b', 'a//b', '/a', 'a/']) {
    it(`is refused for ${JSON.stringify(channel)}, which is a way and no name`, () => {
      assert.throws(() => channelAddress(BASE, channel), {code: 'invalid', field: 'channel'});
    });
  }

  for (const [options, query] of [
    [{}, ''], [{from: 'earliest'}, '?from=earliest'], [{from: {tail: 100}}, '?from=tail%3A100'],
    [{from: {timestamp: 5}}, '?from=timestamp%3A5'], [{from: {timestamp: '2026-01-31T12:00:00+01:00'}},
      '?from=timestamp%3A2026-01-31T12%3A00%3A00%2B01%3A00'],
    [{from: {positions: {orders: {0: 12, 3: 4}}, topicIds: {orders: 'x'}}}, '?from=positions%3Aorders%2F0%3D12%2Corders%2F3%3D4'],
    [{key: 'a&b=ü+'}, '?key=a%26b%3D%C3%BC%2B'], [{key: {base64: '/wB+'}}, '?key=%ff%00%7e'],
    [{maxRate: 2.5, overflow: 'skip', value: 'text'}, '?max-rate=2.5&overflow=skip&value=text'],
    [{later: true}, '?later=true'],
  ]) {
    it(`with ${JSON.stringify(options)} has the query ${query}`, () => {
      assert.equal(streamAddress(BASE, 'orders', options, undefined).search, query);
    });
  }

  it('goes on behind the last id rather than at a start', () => {
    assert.equal(streamAddress(BASE, 'orders', {from: 'latest', value: 'text'}, '1~orders~id~3').search,
      '?last-event-id=1~orders~id~3&value=text');
  });

  it('keeps the query that the address had', () => {
    assert.equal(streamAddress(`${BASE}?tenant=7`, 'orders', {from: 'latest'}, undefined).href,
      `${BASE}orders?tenant=7&from=latest`);
  });

  it('is refused for a key that is not base64', () => {
    assert.throws(() => streamAddress(BASE, 'orders', {key: {base64: '*'}}, undefined), {code: 'invalid', field: 'key'});
  });
});

describe('token as a sub-protocol', () => {
  it('is as it is where its characters may stand there', () => {
    assert.equal(subprotocol('eyJh.b-c_d~!'), 'bearer.eyJh.b-c_d~!');
  });

  for (const token of ['a b', 'a/b=', 'ü', '"x"', 'a,b', '\u{1f600}']) {
    it(`is encoded where they may not: ${token}`, () => {
      const name = subprotocol(token);
      assert.match(name, /^bearer64\.[A-Za-z0-9_-]+$/);
      assert.equal(Buffer.from(name.slice(9), 'base64url').toString(), token);
    });
  }
});

describe('choice of transport', () => {
  const after = (...losses) => {
    const choice = new TransportChoice('auto');
    for (const [transport, wasOpen] of losses) choice.onLost(transport, wasOpen);
    return choice.next;
  };

  it('begins with WebSocket and falls back after two failures in a row', () => {
    assert.equal(after(), 'websocket');
    assert.equal(after(['websocket', false]), 'websocket');
    assert.equal(after(['websocket', false], ['websocket', false]), 'sse');
  });

  it('stays with event streams that worked, and tries WebSocket in turn with those that do not', () => {
    const two = [['websocket', false], ['websocket', false]];
    assert.equal(after(...two, ['sse', true]), 'sse');
    assert.equal(after(...two, ['sse', false]), 'websocket');
    assert.equal(after(...two, ['sse', false], ['websocket', false]), 'sse');
  });

  it('never falls back once WebSocket has worked', () => {
    const choice = new TransportChoice('auto');
    choice.onLost('websocket', false);
    choice.onOpen('websocket');
    for (let i = 0; i < 5; i++) choice.onLost('websocket', false);
    assert.equal(choice.next, 'websocket');
    assert.equal(choice.isFallback, false);
  });

  it('is no choice where one was asked for', () => {
    for (const wish of ['websocket', 'sse']) {
      const choice = new TransportChoice(wish);
      for (let i = 0; i < 5; i++) choice.onLost(wish, false);
      assert.equal(choice.next, wish);
      assert.equal(choice.isFallback, false);
    }
  });
});

describe('back-off', () => {
  it('doubles its bound with each failure, up to the maximum, and starts again after a good connection', () => {
    const backoff = new Backoff({minMs: 100, maxMs: 1_000, random: () => 1});
    assert.deepEqual([0, 0, 0, 0, 0, 20_000, 0].map((livedMs) => backoff.next(livedMs, 1006)),
      [100, 200, 400, 800, 1_000, 100, 200]);
  });

  it('stays a number however often it fails', () => {
    assert.equal(new Backoff({minMs: 1, maxMs: 30_000, random: () => 1}).delay(5_000), 30_000);
  });

  it('is no use after a final code, unless a new token may help', () => {
    assert.deepEqual([1006, 1012, 1013, 4408, undefined].map((code) => isFinal(code, false)), Array(5).fill(false));
    assert.equal(isFinal(4403, true), true);
    assert.equal(isFinal(4401, false), true);
    assert.equal(isFinal(4401, true), false);
  });
});

describe('HTTP answer', () => {
  const answer = (status, headers = {}) => ({status, headers: new Headers(headers)});

  it('is the error that it tells, of this one subscription', () => {
    assert.equal(streamFailure({code: 'unknown-channel', message: 'x'}).code, 'unknown-channel');
    assert.equal(streamFailure({code: 'unauthenticated'}), undefined);
    assert.equal(streamFailure(undefined), undefined);
  });

  it('says when to come back, in seconds', () => {
    assert.deepEqual(httpLoss(answer(503, {'Retry-After': '2'})), {closeCode: 1013, reason: 'HTTP 503', retryAfterMs: 2_000});
    assert.equal(httpLoss(answer(503, {'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT'})).retryAfterMs, 0);
    assert.equal(httpLoss(answer(503, {'Retry-After': '99999999999'})).retryAfterMs, 0);
  });

  it('is final only where it is the gateway that says so', () => {
    assert.equal(httpLoss(answer(403)).closeCode, 1006);
    assert.equal(httpLoss(answer(403), {detail: 'Pages of this origin may not connect.'}).closeCode, 4403);
    assert.equal(httpLoss(answer(401)).closeCode, 1006);
    assert.equal(httpLoss(answer(401), {code: 'unauthenticated'}).closeCode, 4401);
    assert.equal(httpLoss(answer(404)).closeCode, 1006);
  });

  for (const [status, problem, code, retriable] of [
    [400, {code: 'invalid', message: 'x'}, 'invalid', false], [503, {code: 'unavailable', message: 'x'}, 'unavailable', true],
    [413, undefined, 'too-large', false], [429, undefined, 'rate-limited', true], [404, undefined, 'unknown-channel', false],
    [400, {detail: 'Host must be given once.'}, 'invalid', false], [408, undefined, 'outcome-unknown', false],
    [500, undefined, 'outcome-unknown', false], [502, {}, 'outcome-unknown', false],
  ]) {
    it(`${status} ${JSON.stringify(problem) ?? ''} to a publish means ${code}`, () => {
      const error = publishFailure(status, problem);
      assert.deepEqual([error.code, error.retriable], [code, retriable]);
    });
  }
});
