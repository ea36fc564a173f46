/** Networks that let no WebSocket through. */

import {equal, event, failure, ok, soon, take} from './check.js';
import {record} from './record.js';

/** Records of `orders` from where the stream is asked to go on, `count` at most, each run with its id. */
function serveStream(stream, {upTo, most = Infinity, repeat = 0}) {
  const asked = stream.query.get('last-event-id') ?? stream.query.get('from') ?? 'latest';
  const from = Number(/(\d+)$/.exec(asked)?.[1] ?? 0);
  stream.raw('retry: 1000\n\n');
  stream.say('welcome', {type: 'welcome', instance: 'i', heartbeatMs: 1_000});
  stream.subscribed({orders: {0: from}});
  stream.id(`at-${from}`);
  const to = Math.min(upTo, from + most);
  for (let offset = Math.max(0, from - repeat); offset < to; offset += 2) {
    stream.records(...[offset, offset + 1].filter((it) => it < to).map(record));
    stream.id(`at-${Math.min(to, offset + 2)}`);
  }
  return to;
}

const published = (offset) => ({type: 'published', records: [{topic: 'orders', partition: 0, offset, timestamp: 1}]});

export const fallback = {
  'WebSocket is refused, event streams work': {
    async stream(stream) {
      serveStream(stream, {upTo: 5});
      stream.say('live', {type: 'live', subscription: 1});
    },
    async post(post, n, memory) {
      memory.bodies = [...(memory.bodies ?? []), await post.body()];
      post.answer(200, published(memory.bodies.length));
    },
    async run({connect}) {
      const client = connect();
      const states = [];
      client.addEventListener('state', ({state, transport}) => states.push(`${state} ${transport}`));
      let live = false;
      const subscription = client.subscribe('orders', {onRecords: () => {}, onLive: () => (live = true)});
      const acknowledgements = await soon(Promise.all([1, 2, 3].map(
        (value) => client.publish('orders', {key: 'k', value}))), 'what was published');
      equal(acknowledgements.map(({offset}) => offset), [1, 2, 3], 'offsets, in order');
      equal((await subscription.ready).positions, {orders: {0: 0}}, 'start');
      while (!live) await new Promise((resolve) => setTimeout(resolve, 5));
      equal(subscription.resumePoint, {positions: {orders: {0: 5}}, topicIds: {orders: 'id-1'}}, 'resume point');
      equal(states, ['waiting undefined', 'connecting undefined', 'waiting undefined', 'connecting undefined',
        'open sse'], 'states');
      equal(client.transport, 'sse', 'transport');
    },
  },

  'event streams are cut anywhere, and records sent again': {
    async stream(stream, n) {
      const to = serveStream(stream, {upTo: 40, most: 3, repeat: n % 4});
      if (to === 40) return;
      if (n % 3 === 0) stream.raw(`data: ${JSON.stringify(record(to)).slice(0, 20)}`); // half a block
      if (n % 3 === 1) stream.end();
      else stream.cut();
    },
    async run({connect}) {
      const client = connect({transport: 'sse'});
      const records = await soon(take(client.subscribe('orders', {from: 'earliest'}), 40), 'all records');
      equal(records.map(({offset}) => offset), Array.from({length: 40}, (_, i) => i), 'offsets');
    },
  },

  'event streams that always break before their next id get on nevertheless': {
    async stream(stream, n) {
      if (n > 60) throw new Error('it does not get on');
      const asked = stream.query.get('last-event-id') ?? stream.query.get('from');
      const from = Number(/(\d+)$/.exec(asked)?.[1] ?? 0);
      stream.subscribed({orders: {0: from}});
      stream.id(`at-${from}`);
      stream.records(...[0, 1, 2].map((i) => record(from + i)));
      if (from < 30) stream.end();
    },
    async run({connect}) {
      const client = connect({transport: 'sse'});
      const records = await soon(take(client.subscribe('orders', {from: 'earliest'}), 33), 'all records');
      equal(records.map(({offset}) => offset), Array.from({length: 33}, (_, i) => i), 'offsets');
    },
  },

  'a topic that was made anew while an event stream was cut': {
    async stream(stream, n, memory) {
      (memory.asked ??= []).push([...stream.query].find(([name]) => name === 'from' || name === 'last-event-id')?.join('='));
      if (n === 1) {
        stream.subscribed({orders: {0: 0}});
        stream.id('at-0');
        stream.records(record(0), record(1));
        stream.end();
      } else if (n === 2 && memory.asked[1] === 'from=positions:orders/0=2') {
        stream.answer(400, {code: 'offset-out-of-range', message: 'No.', topic: 'orders', partition: 0, oldest: 0, head: 1});
      } else if (n === 3 && memory.asked[2] === 'last-event-id=at-0') {
        stream.subscribed({orders: {0: 0}}, {topicIds: {orders: 'id-2'}});
        stream.say('gap', {type: 'gap', topic: 'orders', partition: 0, from: 2, to: null, reason: 'topic-recreated'});
        stream.id('anew-0');
        stream.records(record(0));
        stream.end();
      } else if (n === 4 && memory.asked[3] === 'from=positions:orders/0=1') {
        stream.subscribed({orders: {0: 1}}, {topicIds: {orders: 'id-3'}}); // and again, with as many records
        stream.records(record(1));
      } else if (n === 5 && memory.asked[4] === 'last-event-id=anew-0') {
        stream.subscribed({orders: {0: 0}}, {topicIds: {orders: 'id-3'}});
        stream.say('gap', {type: 'gap', topic: 'orders', partition: 0, from: 1, to: null, reason: 'topic-recreated'});
        stream.records(record(0), record(1));
      } else throw new Error(`it asked for ${memory.asked}`);
    },
    async run({connect}) {
      const client = connect({transport: 'sse'});
      const gaps = [];
      const subscription = client.subscribe('orders', {from: 'earliest', onGap: ({from, to}) => gaps.push([from, to])});
      const records = await soon(take(subscription, 5), 'all records');
      equal(records.map(({offset}) => offset), [0, 1, 0, 0, 1], 'offsets');
      equal(gaps, [[2, null], [1, null]], 'gaps');
    },
  },

  'records that are sent again take no credit from those that are new': {
    async stream(stream, n) {
      stream.subscribed({orders: {0: 0}});
      stream.id('at-0');
      stream.records(...Array.from({length: n === 1 ? 20 : 40}, (_, offset) => record(offset)));
      if (n === 1) stream.end();
    },
    async run({connect}) {
      const client = connect({transport: 'sse'});
      const records = await soon(take(client.subscribe('orders', {from: 'earliest', credit: 5}), 40), 'all records');
      equal(records.map(({offset}) => offset), Array.from({length: 40}, (_, i) => i), 'offsets');
    },
  },

  'the positions of an event stream go on over a WebSocket': {
    refuses: (n) => n < 3,
    async serve(socket, n, memory) {
      socket.welcome();
      const {id, from} = await socket.next('subscribe');
      memory.from = from;
      socket.say({type: 'subscribed', id, subscription: 1, positions: from.positions, topicIds: from.topicIds});
      socket.records(1, from.positions.orders[0], from.positions.orders[0] + 1);
    },
    async stream(stream) {
      serveStream(stream, {upTo: 6});
    },
    async run({connect}) {
      const client = connect({retryWebSocketMs: 50});
      const transports = [];
      client.addEventListener('state', ({state, transport}) => state === 'open' && transports.push(transport));
      const records = await soon(take(client.subscribe('orders', {from: 'earliest'}), 8), 'all records');
      equal(records.map(({offset}) => offset), [0, 1, 2, 3, 4, 5, 6, 7], 'offsets');
      equal(transports, ['sse', 'websocket'], 'transports');
    },
  },

  'WebSocket worked once: there is no falling back': {
    refuses: (n) => n > 1 && n < 6,
    async serve(socket, n) {
      socket.welcome();
      await socket.subscribed(n, {orders: {0: 0}});
      if (n === 1) socket.cut();
      else socket.records(n, 0);
    },
    async stream(stream) {
      stream.cut();
      throw new Error('it fell back');
    },
    async run({connect}) {
      const client = connect();
      await soon(take(client.subscribe('orders'), 1), 'a record of the sixth connection');
      equal(client.transport, 'websocket', 'transport');
    },
  },

  'an event stream that is refused': {
    async stream(stream) {
      const channel = stream.url.pathname.split('/').at(-1);
      if (channel === 'none') stream.answer(404, {status: 404, code: 'unknown-channel', message: 'There is none.'});
      else if (channel === 'wrong') stream.answer(400, {status: 400, code: 'invalid', message: 'No.', field: 'fields'});
      else serveStream(stream, {upTo: 1});
    },
    async run({connect, lib}) {
      const client = connect({transport: 'sse'});
      const none = await soon(failure(client.subscribe('none').ready), 'a refusal');
      ok(none instanceof lib.UnknownChannelError, `${none} says that there is none`);
      const wrong = await soon(failure(client.subscribe('wrong', {fields: ['a']}).ready), 'a refusal');
      equal([wrong.code, wrong.field], ['invalid', 'fields']);
      for (const channel of ['a/../b', '', '..']) {
        equal((await failure(client.subscribe(channel).ready)).code, 'invalid', `channel ${channel}`);
      }
      await soon(take(client.subscribe('orders'), 1), 'a record of the one that is there');
    },
  },

  'lies over an event stream': {
    async stream(stream, n) {
      if (n === 1) {
        stream.begin('text/html');
        stream.raw('<html>');
        stream.end();
      } else if (n === 2) {
        stream.subscribed();
        stream.raw('data: {"half\n\n');
      } else if (n === 3) {
        stream.subscribed();
        stream.raw('event: later\ndata: {"__proto__":{"x":1}}\n\nfoo: bar\n\n: comment\n\nevent: error\ndata: {"code":5}\n\n');
        stream.raw('data: {"topic":"__proto__","partition":0,"offset":0,"value":{"__proto__":{"x":1}}}\n\n');
        stream.raw('data: {"topic":"orders","partition":0,"offset":0,"value":1}\n\n');
        stream.raw('event: ended\ndata: {"type":"ended","code":"topic-deleted","message":"gone","positions":{}}\n\n');
      }
    },
    async run({connect}) {
      const client = connect({transport: 'sse'});
      const subscription = client.subscribe('orders');
      const records = await soon(take(subscription, 2), 'two records');
      equal(records.map(({topic}) => topic), ['__proto__', 'orders'], 'topics');
      equal((await soon(failure(subscription.next()), 'the end')).code, 'topic-deleted', 'why it ended');
    },
  },

  'an event stream that falls silent': {
    async stream(stream) {
      const to = serveStream(stream, {upTo: 4, most: 2});
      if (to === 4) stream.say('live', {type: 'live'});
    },
    async run({connect}) {
      const client = connect({transport: 'sse'});
      const waiting = event(client, 'state', ({state}) => state === 'waiting');
      await soon(take(client.subscribe('orders', {from: 'earliest'}), 4), 'all records');
      ok((await waiting).reason.includes('silent'), 'it was silence');
    },
  },

  'a slow reader of an event stream slows the gateway down': {
    async stream(stream, n, memory) {
      stream.subscribed();
      const long = 'x'.repeat(1_000);
      memory.sent = 0;
      while (memory.sent < 20_000 && !stream.isOver) {
        stream.records({...record(memory.sent++), value: long});
        if (stream.response.writableNeedDrain) await new Promise((resolve) => stream.response.once('drain', resolve));
      }
    },
    async post(post, n, memory) {
      post.answer(200, published(memory.sent));
    },
    async run({connect}) {
      const client = connect({transport: 'sse'});
      const subscription = client.subscribe('orders', {credit: 10});
      await soon(take(subscription, 5), 'five records');
      let before = -1;
      let now = 0;
      while (now !== before) { // until nothing more fits on the way
        await new Promise((resolve) => setTimeout(resolve, 200));
        [before, now] = [now, (await client.publish('orders', {value: 1})).offset];
      }
      ok(now < 20_000, `only part of the records were sent: ${now}`);
      let offset = 5;
      for (const record of await soon(take(subscription, 19_995), 'the rest')) {
        equal(record.offset, offset++, 'offset');
      }
    },
  },

  'publishing over HTTP, whatever the answer': {
    async post(post, n) {
      await post.body();
      const answers = [
        () => post.answer(503, {status: 503, code: 'unavailable', message: 'Kafka cannot be reached.'}),
        () => post.answer(504, {status: 504, code: 'timeout', message: 'Who knows.'}),
        () => post.answer(502, 'a proxy', {'Content-Type': 'text/html'}),
        () => post.answer(413, 'a proxy', {'Content-Type': 'text/html'}),
        () => post.answer(200, {records: [{topic: 'orders', partition: 0, offset: 2 ** 53, timestamp: 1}]}),
        () => post.answer(200, {records: [{error: {code: 'too-large', message: 'Too large.'}}]}),
        () => post.answer(200, 'null', {'Content-Type': 'text/html'}),
        () => {
          post.begin('application/json'); // Without this a browser would send it again by itself.
          post.raw('{"records":');
          post.cut();
        },
      ];
      (answers[n - 1] ?? (() => post.answer(200, published(7))))();
    },
    async run({connect}) {
      const client = connect({transport: 'sse'});
      const outcomes = [];
      for (let i = 0; i < 8; i++) {
        const {code, retriable} = await soon(failure(client.publish('orders', {value: i})), 'the outcome');
        outcomes.push([code, retriable]);
      }
      equal(outcomes, [['unavailable', true], ['timeout', false], ['outcome-unknown', false], ['too-large', false],
        ['protocol', false], ['too-large', false], ['protocol', false], ['outcome-unknown', false]], 'outcomes');
      equal((await soon(client.publish('orders', {value: 1}), 'the outcome after the cut')).offset, 7, 'offset');
    },
  },

  'a token over HTTP': {
    async stream(stream, n) {
      if (stream.token === 'Bearer new') serveStream(stream, {upTo: 2});
      else stream.answer(401, {status: 401, code: 'unauthenticated', message: 'Expired.'}, {'WWW-Authenticate': 'Bearer'});
    },
    async run({connect}) {
      let asked = 0;
      const client = connect({transport: 'sse', token: async () => (++asked > 2 ? 'new' : 'old')});
      await soon(take(client.subscribe('orders', {from: 'earliest'}), 2), 'all records');
      ok(asked > 2, 'the token was asked for again');
    },
  },

  'no token, and one is wanted': {
    async stream(stream) {
      stream.answer(401, {status: 401, code: 'unauthenticated', message: 'Who are you?'}, {'WWW-Authenticate': 'Bearer'});
    },
    async run({connect, lib}) {
      const client = connect({transport: 'sse'});
      const error = await soon(failure(client.subscribe('orders').ready), 'the end');
      ok(error instanceof lib.ClosedError, `${error} says that it is over`);
      equal(error.details.closeCode, 4401, 'close code');
    },
  },

  'more subscriptions than event streams': {
    async stream(stream) {
      serveStream(stream, {upTo: 1});
    },
    async run({connect}) {
      const client = connect({transport: 'sse', maxEventStreams: 2});
      const told = event(client, 'error', ({error}) => error.code === 'too-many');
      const [a, b, c] = ['a', 'b', 'c'].map((channel) => client.subscribe(channel, {from: 'earliest'}));
      await soon(Promise.all([take(a, 1), take(b, 1)]), 'records of the first two');
      ok((await soon(told, 'an error that says who waits')).error.message.includes('c waits'), 'it says who waits');
      const third = take(c, 1);
      a.unsubscribe();
      await soon(third, 'a record of the third, once there is room');
    },
  },
};
