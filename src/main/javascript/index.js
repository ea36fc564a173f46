// @ts-check
/**
 * Sluice's JavaScript client: Kafka topics in a browser or in Node, without dependencies.
 *
 *     import {connect} from '/sluice.js';
 *     const client = connect();
 *     for await (const record of client.subscribe('orders')) console.log(record.key, record.value);
 *     const {partition, offset} = await client.publish('orders', {key: '42', value: {total: 12.5}});
 *
 * How the parts fit: a {@link Client} is what a program holds; a `Link` is its way to the gateway, which outlives
 * single connections; a `WebSocketConnection` or `EventStreamConnection` is one connection's life; a `Feed` is one
 * wire subscription and the positions it has reached; a {@link Subscription} is one caller's share in a feed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

export {Client, connect, SluiceEvent} from './client.js';
export {Subscription} from './subscription.js';
export {SluiceError, OutcomeUnknownError, NotSentError, UnavailableError, PartialPublishError} from './errors.js';
export {InvalidError, UnknownChannelError, OffsetOutOfRangeError, AccessError, LimitError} from './errors.js';
export {ProtocolError, ClosedError} from './errors.js';
