/** A gateway that has a few records on any channel, for programs that are only to be seen running. */

const record = (topic, offset) => ({topic, partition: 0, offset, timestamp: 1_790_000_000_000, key: '42',
  headers: {source: 'web'}, value: {total: 2 - offset}});

const topicOf = (channel) => channel.replace(/\*+/, 'eur');

const stored = ({value, valueType}, offset) => (valueType === 'text' && value.length >= 100
  ? {error: {code: 'too-large', message: 'Too large.'}}
  : {topic: 'orders', partition: 0, offset, timestamp: 1_790_000_000_000});

export const polite = {
  async serve(socket) {
    socket.welcome();
    let number = 0;
    for await (const {type, id, channel, records} of socket.commands()) {
      if (type === 'subscribe' && channel === 'no-such-topic') {
        socket.say({type: 'error', id, code: 'unknown-channel', message: 'There is no such channel.'});
      } else if (type === 'subscribe') {
        const topic = topicOf(channel);
        number++;
        socket.say({type: 'subscribed', id, subscription: number, channel, positions: {[topic]: {0: 0}}, topicIds: {[topic]: 'x'}});
        socket.say({type: 'records', subscription: number, records: [0, 1, 2].map((offset) => record(topic, offset))});
        socket.say({type: 'live', subscription: number});
      } else if (type === 'unsubscribe') {
        socket.say({type: 'unsubscribed', id});
      } else if (type === 'publish') {
        socket.say({type: 'published', id, records: records.map(stored)});
      } else if (type === 'describe') {
        socket.say({type: 'described', id, truncated: false, channels: [{channel: 'demo.chat', topics: ['demo.chat'],
          partitions: 1, subscribe: true, publish: true, modes: ['broadcast']}]});
      }
    }
  },

  async stream(stream) {
    stream.subscribed();
    stream.records(record('orders', 0), record('orders', 1));
  },
};
