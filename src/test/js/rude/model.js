/** A gateway as it should be, over a log in memory; what is wrong with a connection is done to it from outside. */

/** Serves `orders`, partition 0, with `count` records, over one socket, until that ends. */
export async function serveLog(socket, memory, {count, batch = 7, repeat = 0, strange = () => undefined}) {
  const numbers = new Map();
  socket.welcome();
  for await (const command of socket.commands()) {
    switch (command.type) {
      case 'subscribe': {
        const number = (memory.numbers = (memory.numbers ?? 0) + 1);
        const from = command.from?.positions?.orders?.[0] ?? 0;
        if (from < (memory.reached ?? 0)) throw new Error(`it came back at ${from} after ${memory.reached}`);
        memory.reached = from;
        const cursor = {at: Math.max(0, from - repeat), credit: (command.credit ?? Infinity) + Math.min(from, repeat)};
        numbers.set(number, cursor);
        socket.say({type: 'subscribed', id: command.id, subscription: number, channel: 'orders',
          positions: {orders: {0: from}}, topicIds: {orders: 'id-1'}});
        send(socket, number, cursor, {count, batch, strange});
        break;
      }
      case 'credit': {
        const cursor = numbers.get(command.subscription);
        if (!cursor) throw new Error(`it granted records to ${command.subscription}`);
        cursor.credit += command.records;
        send(socket, command.subscription, cursor, {count, batch, strange});
        break;
      }
      case 'unsubscribe':
        numbers.delete(command.subscription);
        socket.say({type: 'unsubscribed', id: command.id, subscription: command.subscription});
        break;
      case 'ping': socket.say({type: 'pong', id: command.id}); break;
      default: throw new Error(`it sent the command ${command.type}`);
    }
  }
}

function send(socket, number, cursor, {count, batch, strange}) {
  while (cursor.at < count && cursor.credit > 0) {
    const size = Math.min(batch, count - cursor.at, cursor.credit);
    const odd = strange(cursor.at, number);
    if (odd !== undefined) socket.say(odd);
    socket.records(number, ...Array.from({length: size}, (_, i) => cursor.at + i));
    cursor.at += size;
    cursor.credit -= size;
  }
  if (cursor.at === count) socket.say({type: 'live', subscription: number});
}
