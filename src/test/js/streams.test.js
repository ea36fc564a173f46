import assert from 'node:assert/strict';
import {describe, it} from 'node:test';

import {settled, streamsWorld} from './streams.js';
import {code} from './world.js';

const offsets = (count) => Array.from({length: count}, (_, i) => i);

describe('credit over event streams', () => {
  it('that a callback grants at once is credit', async () => {
    const {client, requests} = await streamsWorld();
    const seen = [];
    const subscription = client.subscribe('orders', {credit: 3, onRecords: (records) => {
      seen.push(...records.map(({offset}) => offset));
      subscription.grant(records.length);
    }});
    await settled();
    requests[0].subscribed().records(...offsets(10));
    await settled();
    assert.deepEqual(seen, offsets(10));
    client.close();
  });

  it('is waited for where nobody grants any', async () => {
    const {client, requests} = await streamsWorld();
    const seen = [];
    const subscription = client.subscribe('orders', {credit: 3, onRecord: ({offset}) => seen.push(offset)});
    await settled();
    requests[0].subscribed().records(...offsets(10));
    await settled();
    assert.deepEqual(seen, offsets(3));
    subscription.grant(2);
    await settled();
    assert.deepEqual(seen, offsets(5));
    client.close();
  });
});
