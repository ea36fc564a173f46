// A program as somebody would write it: it must compile. What must not is marked, and it is an error if it does.

import {
  AccessError, Client, connect, NotSentError, OffsetOutOfRangeError, OutcomeUnknownError, PartialPublishError,
  SluiceError, SluiceRecord, Subscription,
} from '../../../main/javascript/index.js';
import type {Gap, ResumePoint, SubscribeOptions} from '../../../main/javascript/index.js';

const client: Client = connect('wss://gateway.example', {
  token: async () => 'text', transport: 'auto', publishWaitMs: 0, backoffMaxMs: 5_000});

client.addEventListener('state', ({state, delayMs, transport}) => {
  const known: 'connecting' | 'open' | 'draining' | 'waiting' | 'closed' = state;
  console.log(known, delayMs?.toFixed(), transport === 'sse');
});
client.addEventListener('error', ({error}) => console.log(error.code, error.field, error.retriable));
client.addEventListener('status', ({kafka}) => console.log(kafka === 'unavailable'), {once: true});
client.addEventListener('welcome', ({protocol, instance, limits}) => console.log(protocol, instance, limits?.maxRecordBytes));

async function read(): Promise<ResumePoint> {
  const subscription: Subscription = client.subscribe('prices.*', {
    from: {timestamp: new Date()}, key: {base64: 'AAA='}, fields: ['$.bid'], maxRate: 5, credit: 100,
    onGap: ({from, to, reason}: Gap) => console.log(to === null ? reason : to - from)});
  const {positions} = await subscription.ready;
  for await (const {topic, partition, offset, value, timestamp} of subscription) {
    console.log(topic, partition + offset, value.anything, timestamp?.toFixed(), positions[topic]?.[partition]);
  }
  return subscription.resumePoint;
}

function callBack(resume: ResumePoint, options: SubscribeOptions): void {
  const subscription = client.subscribe('orders', {
    ...options, from: resume, credit: 0, onRecords: (records: SluiceRecord[]) => subscription.grant(records.length),
    onEnded: (error: SluiceError) => {
      if (error instanceof OffsetOutOfRangeError) console.log(error.details.oldest);
      else if (error instanceof AccessError) subscription.unsubscribe();
    }});
}

async function write(): Promise<void> {
  try {
    const {offset} = await client.publish('orders', {key: '42', value: {total: 1}, headers: {a: ['b', null]}});
    const [first] = await client.publish('orders', [{value: 'x', valueType: 'text'}, {value: null}]);
    console.log(offset + first.offset);
  } catch (error) {
    if (error instanceof PartialPublishError) {
      for (const result of error.results) console.log(result instanceof SluiceError ? result.code : result.offset);
    } else if (error instanceof OutcomeUnknownError || error instanceof NotSentError) {
      console.log(error.retriable);
    }
  }
  const {channels, truncated} = await client.describe('demo.*');
  console.log(channels[0].topics.join(), truncated, await client.ping(), client.state, client.kafka, client.transport);
  client.close();
}

// @ts-expect-error a record needs a value
client.publish('orders', {key: '42'});
// @ts-expect-error there is no such transport
connect(undefined, {transport: 'smoke'});
// @ts-expect-error no such start
client.subscribe('orders', {from: 'yesterday'});
// @ts-expect-error made by connect
new Client();

export {callBack, read, write};
