/** Too slow, too fast, or not at all. */

import {equal, event, ok, soon, take} from './check.js';
import {serveLog} from './model.js';

export const pace = {
  'a gateway that falls silent': {
    async serve(socket, n, memory) {
      if (n > 1) {
        await serveLog(socket, memory, {count: 3});
        return;
      }
      socket.welcome({heartbeatMs: 1_000});
      await socket.subscribed(1);
      socket.records(1, 0);
    },
    async run({connect}) {
      const client = connect({transport: 'websocket'});
      const waiting = event(client, 'state', ({state}) => state === 'waiting');
      const records = await soon(take(client.subscribe('orders', {from: 'earliest'}), 3), 'all records');
      equal(records.map(({offset}) => offset), [0, 1, 2], 'offsets');
      const {closeCode, reason} = await waiting;
      equal([closeCode, reason], [4408, 'the gateway has gone silent'], 'why it was given up');
    },
  },

  'a gateway that never greets': {
    async serve(socket, n, memory) {
      if (n > 2) await serveLog(socket, memory, {count: 1});
    },
    async run({connect}) {
      const client = connect({transport: 'websocket', connectTimeoutMs: 100});
      await soon(take(client.subscribe('orders', {from: 'earliest'}), 1), 'a record of the third connection');
    },
  },

  'a byte at a time': {
    async serve(socket, n, memory) {
      const write = socket.write.bind(socket);
      let queue = Promise.resolve();
      socket.write = (bytes) => {
        queue = queue.then(async () => {
          for (const byte of bytes) {
            write(Buffer.from([byte]));
            await new Promise(setImmediate);
          }
        });
      };
      await serveLog(socket, memory, {count: 5, batch: 2});
    },
    async run({connect}) {
      const client = connect({transport: 'websocket'});
      const records = await soon(take(client.subscribe('orders', {from: 'earliest'}), 5), 'all records');
      equal(records.map(({value}) => value.n), [0, 1, 2, 3, 4], 'values');
    },
  },

  'a flood beyond the credit is kept within it': {
    async serve(socket, n, memory) {
      await serveLog(socket, memory, {count: 20_000, batch: 500});
    },
    async run({connect}) {
      const client = connect({transport: 'websocket'});
      const subscription = client.subscribe('orders', {from: 'earliest', credit: 100});
      let count = 0;
      for await (const {offset} of subscription) {
        equal(offset, count, 'offset');
        count++;
        // Whoever is slow: what has come and was not taken is never more than was granted.
        if (count % 1_000 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        if (count === 20_000) break;
      }
    },
  },

  'a flood without end, for somebody who wants the newest': {
    async serve(socket) {
      socket.welcome();
      await socket.subscribed(1);
      for (let at = 0; at < 50_000; at += 500) {
        socket.records(1, ...Array.from({length: 500}, (_, i) => at + i));
      }
      socket.say({type: 'live', subscription: 1});
    },
    async run({connect}) {
      const client = connect({transport: 'websocket'});
      const gaps = [];
      let live;
      const isLive = new Promise((resolve) => (live = resolve));
      const slow = client.subscribe('orders', {skipBeyond: 10, onGap: (gap) => gaps.push(gap)});
      client.subscribe('orders', {onRecords: () => {}, onLive: live});
      await soon(isLive, 'the end of the flood');
      const records = await take(slow, 10);
      equal(records.map(({offset}) => offset), Array.from({length: 10}, (_, i) => 49_990 + i), 'offsets');
      equal(gaps, [{topic: 'orders', partition: 0, from: 0, to: 49_990, reason: 'client-overflow'}], 'gaps');
    },
  },

  'a ping before its pong': {
    async serve(socket) {
      socket.ping();
      socket.welcome();
      const {id} = await socket.next('ping');
      socket.say({type: 'pong', id});
    },
    async run({connect}) {
      const client = connect({transport: 'websocket'});
      await event(client, 'state', ({state}) => state === 'open');
      ok(await soon(client.ping(), 'the pong') >= 0, 'a ping takes time');
    },
  },
};
