/** Subscribing to the newest records of a channel and what follows. */

/**
 * Asks where the head is, then subscribes from about `count` records before it, divided over the partitions:
 * cheap however long the topic is. Positions that retention has passed already come back as a gap.
 *
 * @param {import('../sluice.js').Client} client
 * @param {string} channel
 * @param {number} count
 * @param {import('../sluice.js').SubscribeOptions} options
 * @returns {Promise<import('../sluice.js').Subscription>} rejects when the channel is refused
 */
export async function subscribeRecent(client, channel, count, options) {
  const probe = client.subscribe(channel, {from: 'latest', onRecords: () => {}});
  const {positions, topicIds} = await probe.ready;
  probe.unsubscribe();
  return client.subscribe(channel, {...options, from: {positions: back(positions, count), topicIds}});
}

/** Positions moved back by `count` records in all, never below the first offset. */
export function back(positions, count) {
  const topics = Object.entries(positions);
  const partitions = topics.reduce((sum, [, offsets]) => sum + Object.keys(offsets).length, 0);
  const share = Math.ceil(count / Math.max(1, partitions));
  return Object.fromEntries(topics.map(([topic, offsets]) => [
    topic,
    Object.fromEntries(Object.entries(offsets).map(([partition, next]) => [partition, Math.max(0, next - share)])),
  ]));
}
