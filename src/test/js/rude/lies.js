/** A gateway that says what cannot be true, or what nobody has heard of. */

import {equal, event, failure, ok, soon, take} from './check.js';
import {serveLog} from './model.js';

const POISON = '{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}},"type":"later"}';

export const lies = {
  'unknown types, fields and subscriptions in between': {
    async serve(socket, n, memory) {
      const odd = [
        (number) => ({type: 'later', subscription: number, x: 1}),
        () => ({type: 'records', subscription: 4711, records: 'nonsense'}),
        () => ({type: 'pong', id: 4711}), () => ({x: 1}), () => POISON,
        (number) => ({type: 'position', subscription: number, positions: {others: {9: 1}}, later: {a: [1]}}),
        (number) => ({type: 'subscribed', id: 4711, subscription: number, positions: {orders: {0: 99}}}),
        () => ({type: 'error', code: {toString: 1}, message: [1]}),
      ];
      await serveLog(socket, memory, {count: 40, batch: 2, strange: (at, number) => odd[(at / 2) % odd.length](number)});
    },
    async run({connect}) {
      const client = connect({transport: 'websocket'});
      const errors = [];
      client.addEventListener('error', ({error}) => errors.push(error.code));
      const records = await soon(take(client.subscribe('orders', {from: 'earliest'}), 40), 'all records');
      equal(records.map(({offset}) => offset), Array.from({length: 40}, (_, i) => i), 'offsets');
      ok(errors.length > 0 && errors.every((code) => code === 'internal'), `errors that belong to no call are told: ${errors}`);
      equal(client.state, 'open', 'state');
    },
  },

  'names of prototypes everywhere': {
    async serve(socket) {
      socket.say('{"type":"welcome","__proto__":{"x":1},"isTrusted":{"x":1},"limits":{"__proto__":{"maxMessageBytes":1}}}');
      const {id} = await socket.next('subscribe');
      socket.say(`{"type":"subscribed","id":${id},"subscription":1,"__proto__":{"x":1},`
        + '"positions":{"__proto__":{"0":3},"constructor":{"0":3}},"topicIds":{"__proto__":"id","toString":"id"}}');
      socket.say(POISON);
      socket.say('{"type":"records","subscription":1,"records":['
        + '{"topic":"__proto__","partition":0,"offset":9,"headers":{"__proto__":"x"},"value":{"__proto__":{"x":1}}},'
        + '{"topic":"constructor","partition":0,"offset":4,"__proto__":{"x":1},"value":{"constructor":{"prototype":{"x":1}}}}]}');
      socket.say('{"type":"gap","subscription":1,"topic":"toString","partition":0,"from":0,"to":2,"reason":"overflow"}');
      const command = await socket.next('publish');
      socket.say(`{"type":"error","id":${command.id},"code":"invalid","message":"no","field":"x","__proto__":{"x":1},"constructor":{"x":1}}`);
    },
    async run({connect}) {
      const client = connect({transport: 'websocket'});
      const gaps = [];
      const subscription = client.subscribe('**', {onRecords: () => {}, onGap: (gap) => gaps.push(gap)});
      const error = await soon(failure(client.publish('orders', {value: 1})), 'the refusal');
      equal([error.code, error.field, error.x, error.details.x], ['invalid', 'x', undefined, undefined]);
      equal(Object.getPrototypeOf(error.details), null, 'prototype of the details');
      const {positions, topicIds} = subscription.resumePoint;
      equal(Object.getPrototypeOf(positions), null, 'prototype of the positions');
      equal([positions.__proto__[0], positions.constructor[0], positions.toString[0]], [10, 5, 2], 'positions');
      equal([topicIds.__proto__, topicIds.toString], ['id', 'id'], 'topic ids');
      equal(gaps.map(({topic}) => topic), ['toString'], 'gaps');
    },
  },

  'an offset that JavaScript cannot hold': {
    async serve(socket) {
      socket.welcome();
      await socket.subscribed(1);
      await socket.subscribed(2, {others: {0: 0}});
      socket.say('{"type":"records","subscription":1,"records":[{"topic":"orders","partition":0,"offset":9007199254740993,"value":1}]}');
      await socket.next('unsubscribe');
      socket.say('{"type":"records","subscription":2,"records":[{"topic":"others","partition":0,"offset":9007199254740990,"value":1}]}');
    },
    async run({connect, lib}) {
      const client = connect({transport: 'websocket'});
      const bad = client.subscribe('orders');
      const good = client.subscribe('others');
      const error = await soon(failure(bad.next()), 'the end of the one');
      ok(error instanceof lib.ProtocolError, `${error} says what is wrong`);
      const [record] = await soon(take(good, 1), 'a record of the other');
      equal(record.offset, 9007199254740990, 'offset');
    },
  },

  'wrong replies': {
    async serve(socket) {
      socket.welcome();
      for await (const {type, id} of socket.commands()) {
        if (type === 'publish') {
          socket.say({type: 'pong', id}); // of another type: no answer to this
          socket.say({type: 'published', id: `${id}`, records: []}); // another id
          socket.say({type: 'published', id, records: {length: 1}});
        } else if (type === 'subscribe') {
          socket.say({type: 'subscribed', id, subscription: -1, positions: {}});
        } else if (type === 'describe') {
          socket.say({type: 'described', id, channels: 'none', truncated: 'maybe'});
        }
      }
    },
    async run({connect}) {
      const client = connect({transport: 'websocket'});
      equal((await soon(failure(client.publish('orders', {value: 1})), 'the outcome')).code, 'protocol', 'of publish');
      equal((await soon(failure(client.subscribe('orders').ready), 'the refusal')).code, 'protocol', 'of subscribe');
      equal(await soon(client.describe(), 'the description'), {channels: [], truncated: false}, 'of describe');
      equal(client.state, 'open', 'state');
    },
  },

  'no JSON at all, and binary': {
    async serve(socket, n) {
      if (n > 4) {
        socket.welcome();
        await socket.subscribed(n, {orders: {0: 0}});
        socket.records(n, 0);
        return;
      }
      if (n === 1) socket.say('<html>');
      else if (n === 2) socket.write(Buffer.from([0x82, 2, 1, 2]));
      else if (n === 3) socket.say('[]');
      else socket.say('');
    },
    async run({connect}) {
      const client = connect({transport: 'websocket'});
      const errors = [];
      client.addEventListener('error', ({error}) => errors.push(error.code));
      await soon(take(client.subscribe('orders', {from: 'earliest'}), 1), 'a record of the fifth connection');
      equal(errors, ['protocol', 'protocol', 'protocol', 'protocol'], 'errors');
    },
  },

  'a reply that never comes does not keep the next from coming': {
    async serve(socket) {
      socket.welcome();
      const first = await socket.next('publish');
      const second = await socket.next('publish');
      const records = [{topic: 'orders', partition: 0, offset: 2, timestamp: 1}];
      socket.say({type: 'published', id: second.id, records});
      await socket.next('ping');
      socket.close(1011);
      return first;
    },
    async run({connect}) {
      const client = connect({transport: 'websocket'});
      await event(client, 'state', ({state}) => state === 'open');
      const first = failure(client.publish('orders', {value: 1}));
      equal((await soon(client.publish('orders', {value: 2}), 'the second')).offset, 2, 'offset');
      client.ping().catch(() => {});
      equal((await soon(first, 'the first')).code, 'outcome-unknown', 'the first');
    },
  },
};
