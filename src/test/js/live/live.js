/**
 * What the client does with a real gateway and a real broker, in Node or in a browser. Each is given `connect(options)` to
 * the gateway, `connectVia(address, options)`, and `topic(name)`, a topic of its own that is there and empty.
 */

import {equal, event, failure, ok, soon, take} from '../rude/check.js';

const QUICK = {backoffMinMs: 1, backoffMaxMs: 20};
const range = (count, from = 0) => Array.from({length: count}, (_, i) => from + i);

/** Publishes numbers, some at a time; those that a busy broker did not take, again. */
async function publishNumbers(client, topic, count) {
  const acknowledged = [];
  for (let at = 0; at < count; at += 50) {
    let records = range(Math.min(50, count - at), at).map((n) => ({key: `k${n % 10}`, value: {n, filler: 'x'.repeat(100)}}));
    while (records.length > 0) {
      const results = await outcomes(client, topic, records);
      const unknown = results.find(({code, retriable}) => code && !retriable);
      if (unknown) throw unknown;
      acknowledged.push(...results.filter(({code}) => !code));
      records = records.filter((_, i) => results[i].code);
      if (records.length > 0) await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return acknowledged;
}

async function outcomes(client, topic, records) {
  try {
    return await client.publish(topic, records);
  } catch (error) {
    return error.results ?? records.map(() => error);
  }
}

/** Every number once, each partition in order of its offsets. */
function checkNumbers(records, count) {
  equal(records.map(({value}) => value.n).sort((a, b) => a - b), range(count), 'numbers');
  const last = new Map();
  for (const {partition, offset} of records) {
    ok(offset > (last.get(partition) ?? -1), `offset ${offset} of partition ${partition} comes in order`);
    last.set(partition, offset);
  }
}

/** While somebody publishes, somebody else reads over connections that break again and again. */
async function readsWhileCut({connect, connectVia, topic, addresses}, transport, name) {
  const COUNT = 600;
  const reader = connectVia(addresses.cutting, {...QUICK, transport, connectTimeoutMs: 5_000});
  let losses = 0;
  reader.addEventListener('state', ({state}) => state === 'waiting' && losses++);
  const subscription = reader.subscribe(topic(name), {from: 'earliest', credit: 40});
  const [records] = await soon(Promise.all([
    take(subscription, COUNT), publishNumbers(connect({transport: 'websocket'}), topic(name), COUNT)]), 'all records');
  checkNumbers(records, COUNT);
  ok(losses > 5, `the connection broke often: ${losses} times`);
}

export const live = {
  async 'values of every kind come back as they were'({connect, topic}) {
    const client = connect();
    const values = [{value: {a: [1, 'ü', null]}}, {value: 'plain', valueType: 'text'}, {value: 'gAA=', valueType: 'base64'},
      {value: null}, {value: null, valueType: 'json'}, {value: 'a JSON text'}, {value: 12.5}];
    const headers = {source: 'web', tags: ['a', 'b'], none: null, __proto__: 'x'};
    const acknowledged = await client.publish(topic('kinds'), values.map((value) => ({key: '42', headers, ...value})));
    equal(acknowledged.map(({offset}) => offset), range(values.length), 'offsets');
    const records = await soon(take(client.subscribe(topic('kinds'), {from: 'earliest'}), values.length), 'all records');
    equal(records.map(({value}) => value), values.map(({value}) => value), 'values');
    equal(records.map(({valueType}) => valueType), [undefined, 'text', 'base64', undefined, 'json', undefined, undefined], 'types');
    equal(records[0].key, '42', 'key');
    equal(records[0].headers.tags, ['a', 'b'], 'a repeated header');
    equal(records[0].headers.none, null, 'a null header');
  },

  'every offset once over WebSockets that break': (context) => readsWhileCut(context, 'websocket', 'cut'),

  'every offset once over event streams that break': (context) => readsWhileCut(context, 'sse', 'cut-streams'),

  async 'WebSockets get nowhere: event streams stand in, and positions move over when they do'({connectVia, topic, addresses}) {
    const COUNT = 400;
    const client = connectVia(addresses.blocking, {...QUICK, transport: 'auto', retryWebSocketMs: 150});
    const transports = [];
    client.addEventListener('state', ({state, transport}) => state === 'open' && transports.push(transport));
    const subscription = client.subscribe(topic('moved'), {from: 'latest', credit: 40});
    await soon(subscription.ready, 'the start');
    equal(client.transport, 'sse', 'transport at first');
    const moved = event(client, 'state', ({state, transport}) => state === 'open' && transport === 'websocket');
    const reading = take(subscription, COUNT);
    await soon(publishNumbers(client, topic('moved'), COUNT / 2), 'what was published over HTTP');
    await soon(moved, 'a WebSocket that is open');
    await soon(publishNumbers(client, topic('moved'), COUNT / 2), 'what was published then');
    const records = await soon(reading, 'all records');
    equal(records.map(({offset}) => offset), range(COUNT), 'offsets');
    equal(transports, ['sse', 'websocket'], 'transports');
  },

  async 'a slow iterator gets everything, within its credit'({connect, topic}) {
    const COUNT = 2_000;
    const client = connect();
    await publishNumbers(client, topic('slow'), COUNT);
    const records = [];
    for await (const record of client.subscribe(topic('slow'), {from: 'earliest', credit: 10})) {
      records.push(record);
      if (records.length % 200 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      if (records.length === COUNT) break;
    }
    checkNumbers(records, COUNT);
  },

  async 'callbacks get what they grant'({connect, topic}) {
    await publishNumbers(connect(), topic('granted'), 100);
    for (const transport of ['websocket', 'sse']) {
      const sizes = [];
      const all = new Promise((resolve) => {
        const subscription = connect({transport}).subscribe(topic('granted'), {from: 'earliest', credit: 30, onRecords: (records) => {
          sizes.push(records.length);
          const count = sizes.reduce((sum, size) => sum + size, 0);
          if (count === 100) resolve(undefined);
          else if (count % 30 === 0) subscription.grant(30);
        }});
      });
      await soon(all, `all records over ${transport}`);
      ok(sizes.every((size) => size <= 30), `${transport}: never more than was granted: ${sizes}`);
    }
  },

  async 'a start from the tail, from a time, and from a resume point'({connect, topic}) {
    const client = connect();
    const acknowledged = await publishNumbers(client, topic('starts'), 100);
    const tail = await soon(take(connect().subscribe(topic('starts'), {from: {tail: 5}}), 5), 'the tail');
    equal(tail.map(({offset}) => offset), range(5, 95), 'offsets of the tail');
    const timestamp = new Date(acknowledged[60].timestamp);
    const [since] = await soon(take(connect().subscribe(topic('starts'), {from: {timestamp}}), 1), 'the time');
    equal(since.timestamp >= timestamp.getTime() && since.offset <= 60, true, 'the first of that time or later');
    const subscription = client.subscribe(topic('starts'), {from: 'earliest'});
    await soon(take(subscription, 40), 'the first forty');
    const stored = JSON.parse(JSON.stringify(subscription.resumePoint));
    const [next] = await soon(take(connect().subscribe(topic('starts'), {from: stored}), 1), 'the next');
    equal(next.offset, 40, 'offset behind the resume point');
  },

  async 'one key, some fields'({connect, topic}) {
    const client = connect();
    await publishNumbers(client, topic('keyed'), 100);
    const records = await soon(take(client.subscribe(topic('keyed'), {from: 'earliest', key: 'k3', fields: ['$.n']}), 10), 'all');
    equal(records.map(({key, value}) => [key, value]), range(10).map((i) => ['k3', {n: i * 10 + 3}]), 'records');
  },

  async 'many topics by a glob'({connect, topic}) {
    const client = connect();
    const subscription = client.subscribe(topic('glob.*'), {from: 'latest'});
    const {positions} = await soon(subscription.ready, 'the start');
    equal(Object.keys(positions).sort(), [topic('glob.a'), topic('glob.b')], 'topics');
    for (const name of ['glob.a', 'glob.b']) await client.publish(topic(name), {value: name});
    const records = await soon(take(subscription, 2), 'both records');
    equal(records.map((record) => record.topic).sort(), [topic('glob.a'), topic('glob.b')], 'topics of the records');
    const {channels} = await client.describe(topic('glob.*'));
    equal(channels.map(({channel, partitions}) => [channel, partitions]).sort(),
      [[topic('glob.a'), 1], [topic('glob.b'), 1]], 'what is described');
  },

  async 'errors have their classes'({connect, topic, lib}) {
    for (const transport of ['websocket', 'sse']) {
      const client = connect({transport});
      const unknown = await soon(failure(client.subscribe('no-such-topic-at-all').ready), 'a refusal');
      ok(unknown instanceof lib.UnknownChannelError, `${transport}: ${unknown} of a channel that is not there`);
      const later = await soon(failure(client.subscribe(topic('kinds'), {'never-heard-of': 1}).ready), 'a refusal');
      ok(later instanceof lib.InvalidError, `${transport}: ${later} of an option that is not there`);
      equal(later.field, 'never-heard-of', `${transport}: field`);
      const beyond = {positions: {[topic('kinds')]: {0: 4_711}}, topicIds: {}};
      const range = await soon(failure(client.subscribe(topic('kinds'), {from: beyond}).ready), 'a refusal');
      ok(range instanceof lib.OffsetOutOfRangeError, `${transport}: ${range} of a position that is not there`);
      equal(range.details.partition, 0, `${transport}: partition`);
      const nowhere = await soon(failure(client.publish('no-such-topic-at-all', {value: 1})), 'a refusal');
      ok(nowhere instanceof lib.UnknownChannelError, `${transport}: ${nowhere} of a channel that is not there`);
      const large = await soon(failure(client.publish(topic('kinds'), {value: 'x'.repeat(1_100_000)})), 'a refusal');
      ok(large instanceof lib.LimitError, `${transport}: ${large} of a record that is too large`);
    }
  },
};

/** Plays one. @param {{gateway: string, cutting: string, blocking: string, prefix: string}} addresses */
export async function playLive(name, addresses, lib) {
  const clients = [];
  const connectVia = (address, options = {}) => {
    clients.push(lib.connect(`${address}/v1/ws`, {transport: 'websocket', ...options}));
    return clients.at(-1);
  };
  try {
    await live[name]({lib, addresses, connectVia, connect: (options) => connectVia(addresses.gateway, options),
      topic: (hint) => `${addresses.prefix}.${hint}`});
  } finally {
    for (const client of clients) client.close();
  }
}
