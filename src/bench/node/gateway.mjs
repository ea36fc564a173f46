// Baseline (b): the gateway that one writes with ws and kafkajs. Arguments: the brokers; then for each topic that is to be read from its
// beginning topic=n: reading starts when n clients have subscribed. Ends with its standard input.
import { createRequire } from 'node:module';
import process from 'node:process';

const require = createRequire(process.cwd() + '/'); // the packages lie where this was started
const { WebSocketServer } = require('ws');
const { Kafka, Partitioners, logLevel } = require('kafkajs');

const backlogs = new Map(process.argv.slice(3).map((pair) => [pair.split('=')[0], Number(pair.split('=')[1])]));
const kafka = new Kafka({ brokers: [process.argv[2]], logLevel: logLevel.ERROR });
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
await producer.connect();

const topics = new Map();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function consume(topic, clients) {
  const backlog = backlogs.get(topic) ?? 0;
  const consumer = kafka.consumer({ groupId: `bench-${process.pid}-${topic}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: backlog > 0 });
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.run({
    eachBatchAutoResolve: false,
    eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
      while (clients.size < backlog) await pause(5);
      for (const { offset, timestamp, value } of batch.messages) {
        const text = Buffer.from(
          `{"type":"records","subscription":1,"records":[{"topic":"${topic}","partition":${batch.partition},` +
            `"offset":${offset},"timestamp":${timestamp},"key":null,"headers":{},"value":${value}}]}`,
        );
        for (const client of clients) client.send(text, { binary: false });
        resolveOffset(offset);
        if (backlog > 0) while ([...clients].some((client) => client.bufferedAmount > 65536)) await pause(1);
      }
      await heartbeat();
    },
  });
  await joined;
  return consumer;
}

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/v1/ws', backlog: 4096, perMessageDeflate: false });
server.on('connection', (client) => {
  client.on('error', () => client.terminate());
  client.on('message', async (data) => {
    const command = JSON.parse(data);
    const topic = command.channel;
    if (command.type === 'subscribe') {
      if (!topics.has(topic)) {
        const clients = new Set();
        topics.set(topic, { clients, ready: consume(topic, clients) });
      }
      const { clients, ready } = topics.get(topic);
      await ready;
      clients.add(client);
      client.on('close', async () => {
        clients.delete(client);
        if (clients.size === 0) await (await ready).disconnect();
      });
      client.send(`{"type":"subscribed","id":0,"subscription":1,"channel":"${topic}","positions":{"${topic}":{"0":0}}}`);
    } else {
      const [{ partition, baseOffset }] = await producer.send({ topic, messages: [{ value: JSON.stringify(command.value) }] });
      client.send(`{"type":"published","id":${command.id},"records":[{"topic":"${topic}","partition":${partition},"offset":${baseOffset}}]}`);
    }
  });
});
server.on('listening', () => console.log(`port ${server.address().port}`));
process.on('SIGUSR2', () => globalThis.gc?.());
process.stdin.on('end', () => process.exit(0)).resume();
