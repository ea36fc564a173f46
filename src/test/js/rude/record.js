/** A record of `orders`, partition 0. */
export function record(offset) {
  return {topic: 'orders', partition: 0, offset, timestamp: 1, key: `k${offset}`, headers: {}, value: {n: offset}};
}
