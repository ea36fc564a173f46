/** Connections that break, wherever that may be. */

import {equal, event, failure, ok, soon, take} from './check.js';
import {serveLog} from './model.js';

const COUNT = 60;

/** Every offset once, in order, over however many connections. */
async function readsEveryOffsetOnce({connect}, options) {
  const client = connect({transport: 'websocket', ...options});
  const records = await soon(take(client.subscribe('orders', {from: 'earliest', credit: 20}), COUNT), 'all records');
  equal(records.map(({offset}) => offset), Array.from({length: COUNT}, (_, offset) => offset), 'offsets');
}

export const drops = {
  'cut after any number of bytes': {
    async serve(socket, n, memory) {
      // A little later each time: within the upgrade's answer, a header, a message, between two of them.
      socket.cutAfter(n < 200 ? 60 + n * 23 : Infinity);
      await serveLog(socket, memory, {count: COUNT, batch: 3});
    },
    run: (context) => readsEveryOffsetOnce(context, {connectTimeoutMs: 200}),
  },

  'cut after each message, and records sent again': {
    async serve(socket, n, memory) {
      let left = n < 60 ? 2 + (n % 5) : Infinity;
      const say = socket.say.bind(socket);
      socket.say = (message) => {
        say(message);
        if (--left === 0) socket.cut();
      };
      await serveLog(socket, memory, {count: COUNT, batch: 4, repeat: 10});
    },
    run: (context) => readsEveryOffsetOnce(context),
  },

  'half a message': {
    async serve(socket, n, memory) {
      const say = socket.say.bind(socket);
      let messages = 0;
      socket.say = (message) => {
        const text = JSON.stringify(message);
        if (n <= 6 && ++messages > 3) say(text.slice(0, text.length / 2));
        else say(text);
      };
      await serveLog(socket, memory, {count: COUNT, batch: 5});
    },
    run: (context) => readsEveryOffsetOnce(context),
  },

  'a publish whose answer never comes': {
    async serve(socket) {
      socket.welcome();
      await socket.next('publish');
      socket.cut();
    },
    async run({connect, lib}) {
      const client = connect({transport: 'websocket'});
      const error = await soon(failure(client.publish('orders', {value: 1})), 'the outcome');
      ok(error instanceof lib.OutcomeUnknownError, `${error} says that the outcome is unknown`);
      equal([error.code, error.retriable], ['outcome-unknown', false]);
    },
  },

  'a publish while there is no connection': {
    refuses: (n) => n < 4,
    async serve(socket) {
      socket.welcome();
      const {id} = await socket.next('publish');
      socket.say({type: 'published', id, records: [{topic: 'orders', partition: 0, offset: 5, timestamp: 1}]});
    },
    async run({connect}) {
      const client = connect({transport: 'websocket'});
      equal((await soon(client.publish('orders', {value: 1}), 'the outcome')).offset, 5, 'offset');
    },
  },

  'a gateway that drains': {
    async serve(socket, n, memory) {
      socket.welcome();
      await socket.subscribed(n, {orders: {0: n === 1 ? 0 : 3}});
      if (n > 1) {
        socket.records(n, 3, 4);
        return;
      }
      socket.records(n, 0, 1);
      socket.say({type: 'draining', reconnectAfterMs: 100, subscriptions: [{subscription: 1, positions: {orders: {0: 2}}}]});
      memory.at = Date.now();
      socket.records(n, 2);
    },
    async run({connect}) {
      const client = connect({transport: 'websocket'});
      const states = [];
      client.addEventListener('state', ({state, delayMs}) => states.push([state, delayMs]));
      const records = await soon(take(client.subscribe('orders'), 5), 'all records');
      equal(records.map(({offset}) => offset), [0, 1, 2, 3, 4], 'offsets');
      equal(states.map(([state]) => state), ['open', 'draining', 'waiting', 'connecting', 'open'], 'states');
      equal(states[1][1], 100, 'delay of the drain');
    },
  },

  'a gateway that says never to come back': {
    async serve(socket) {
      socket.welcome();
      await socket.next('subscribe');
      socket.close(4403, 'access withdrawn');
    },
    async run({connect, lib}) {
      const client = connect({transport: 'websocket'});
      const closed = event(client, 'state', ({state}) => state === 'closed');
      const error = await soon(failure(client.subscribe('orders').next()), 'the end');
      ok(error instanceof lib.ClosedError, `${error} says that it is closed`);
      equal((await closed).closeCode, 4403, 'close code');
    },
  },
};
