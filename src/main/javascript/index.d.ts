/**
 * Types of Sluice's JavaScript client. What each part does and promises: docs/javascript.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/** Topic → partition → next offset. An object without a prototype where the client hands it out. */
export type PositionMap = Record<string, Record<string, number>>;

/** Where to go on, on any instance. */
export interface ResumePoint {
  positions: PositionMap;
  /** Identities of the topics: one that was deleted and made anew is noticed. */
  topicIds: Record<string, string>;
}

/** A key or header: text, nothing, or bytes that are no text. */
export type Bytes = string | null | {base64: string};

export interface SluiceRecord {
  topic: string;
  partition: number;
  offset: number;
  /** Milliseconds since the epoch. */
  timestamp: number | null;
  key: Bytes;
  headers?: Record<string, Bytes | Bytes[]>;
  /** Parsed JSON; a string where `valueType` says `text` or `base64`; `null` alone is a tombstone. */
  value: any;
  valueType?: 'json' | 'text' | 'base64';
}

/** Offsets in `[from, to)` that will not come. */
export interface Gap {
  topic: string;
  partition: number;
  from: number;
  /** `null` when the topic was made anew. */
  to: number | null;
  reason: 'overflow' | 'retention' | 'too-large' | 'topic-recreated' | 'client-overflow' | (string & {});
  /** Bytes of the one record that was too large. */
  size?: number;
}

/** What a subscription asks of the gateway. Options of a later gateway may stand beside these. */
export interface WireOptions {
  /** Default `latest`. */
  from?: 'latest' | 'earliest' | {tail: number} | {timestamp: number | string | Date} | ResumePoint;
  /** Only records with this key. */
  key?: string | {base64: string};
  /** JSON paths of `value` to keep. */
  fields?: string[];
  /** At most so many messages of records a second; each holds what has gathered. */
  maxRate?: number;
  /** What the gateway does when this client is too slow for its window; default `replay`. */
  overflow?: 'replay' | 'skip' | 'end';
  /** How values are written; default `auto`. */
  value?: 'auto' | 'json' | 'text' | 'base64';
  /** Default `broadcast`. */
  mode?: 'broadcast';
  [option: string]: unknown;
}

export interface Callbacks {
  /** Each record, as it comes. */
  onRecord?: (record: SluiceRecord) => void;
  /** The records of a message; do not change the array. */
  onRecords?: (records: SluiceRecord[]) => void;
  /** Offsets that will not come; without it a gap is a console warning. */
  onGap?: (gap: Gap) => void;
  /** The head has been reached. */
  onLive?: () => void;
  /** Confirmed, with the position where it stands; also after each reconnect. */
  onSubscribed?: (resume: ResumePoint) => void;
  /** Refused, or ended by the gateway; nothing follows. */
  onEnded?: (error: SluiceError) => void;
}

export interface SubscribeOptions extends WireOptions, Callbacks {
  /**
   * For an iterator: records that may be on their way or wait for it, kept topped up as it takes them; default
   * 1,000. For callbacks: records that may come before `grant()`; default unlimited.
   */
  credit?: number;
  /** For an iterator, in place of `credit`: keep at most so many, drop the oldest, tell of it by a gap. */
  skipBeyond?: number;
}

export interface OutgoingRecord {
  /** JSON; with `valueType` `text` or `base64` a string; `null` is a tombstone. */
  value: any;
  valueType?: 'json' | 'text' | 'base64';
  key?: Bytes;
  headers?: Record<string, Bytes | Bytes[]>;
  partition?: number;
  /** Milliseconds since the epoch. */
  timestamp?: number;
}

/** Where Kafka stored a record. */
export interface Acknowledgement {
  topic: string;
  partition: number;
  offset: number;
  timestamp: number;
}

export interface ChannelDescription {
  channel: string;
  topics: string[];
  /** Of all its topics together. */
  partitions: number;
  subscribe: boolean;
  publish: boolean;
  modes: string[];
}

export type State = 'connecting' | 'open' | 'draining' | 'waiting' | 'closed';
export type Transport = 'websocket' | 'sse';
export type Kafka = 'unknown' | 'available' | 'unavailable';

/** What there is to know stands in an event as properties. */
export class SluiceEvent extends Event {
  constructor(type: string, details: Record<string, any>);
}

export interface StateEvent extends SluiceEvent {
  readonly state: State;
  /** The way in use or being tried. */
  readonly transport: Transport | undefined;
  /** Failed attempts since the last good connection. */
  readonly attempt: number;
  /** `waiting`: until the next attempt. `draining`: until the client moves on. */
  readonly delayMs?: number;
  /** `waiting`, `closed`: why the last connection was lost. */
  readonly reason?: string;
  readonly closeCode?: number;
}

export interface StatusEvent extends SluiceEvent {
  readonly kafka: Kafka;
}

export interface WelcomeEvent extends SluiceEvent {
  readonly protocol?: string;
  readonly connection?: string;
  readonly instance?: string;
  readonly heartbeatMs?: number;
  readonly limits?: {maxMessageBytes?: number; maxRecordBytes?: number; maxSubscriptions?: number};
}

/** An error that belongs to no call. */
export interface ErrorEvent extends SluiceEvent {
  readonly error: SluiceError;
}

export interface ClientEvents {
  state: StateEvent;
  status: StatusEvent;
  welcome: WelcomeEvent;
  error: ErrorEvent;
}

export interface ConnectOptions {
  /** `auto`: WebSocket, or event streams where the network lets none through. */
  transport?: 'auto' | Transport;
  /** The implementation; default the global one. */
  WebSocket?: any;
  /** The implementation, for event streams; default the global one. */
  fetch?: typeof fetch;
  /** The token for the next connection; asked anew for each. */
  token?: () => string | null | undefined | Promise<string | null | undefined>;
  /** From opening a connection until the gateway answers; default 10,000. */
  connectTimeoutMs?: number;
  /** Upper bound of the first delay; default 500. */
  backoffMinMs?: number;
  /** Upper bound of every delay; default 30,000. */
  backoffMaxMs?: number;
  /** While event streams stand in: until WebSocket is tried again, twice as long each time; default 60,000. */
  retryWebSocketMs?: number;
  /** Subscriptions at a time over event streams; default 4. */
  maxEventStreams?: number;
  /** How long a publish may wait for a connection; default 10,000; 0: not at all. */
  publishWaitMs?: number;
  /** Publishes waiting and in flight; default 10,000. */
  maxPendingPublishes?: number;
  /** Their JSON, in characters; default 16 Mi. */
  maxPendingCharacters?: number;
  /** In [0, 1); for tests. */
  random?: () => number;
  /** For tests. */
  clock?: {now: () => number; setTimeout: (task: () => void, ms: number) => any; clearTimeout: (timer: any) => void};
}

/**
 * Opens a client. It connects at once and stays connected until `close()`.
 *
 * @param url `ws:`, `wss:`, `http:` or `https:`; the path defaults to `/v1/ws`, the host to the page's own
 */
export function connect(url?: string | URL, options?: ConnectOptions): Client;

/** A client of the gateway: made by `connect`. */
export class Client extends EventTarget {
  private constructor();
  readonly state: State;
  /** The way in use or being tried; none while there is no connection. */
  readonly transport: Transport | undefined;
  /** What the gateway said last on this connection. */
  readonly kafka: Kafka;
  /**
   * Subscribes, now or as soon as there is a connection, and again after each reconnect from exactly where it was.
   * Callers with the same channel and options share one wire subscription.
   *
   * @param channel a name, or a glob: `*` within one part between `.` or `/`, `**` across parts
   */
  subscribe(channel: string, options?: SubscribeOptions): Subscription;
  /** Resolves when Kafka has stored the record on all in-sync replicas. A record is never sent twice. */
  publish(channel: string, record: OutgoingRecord): Promise<Acknowledgement>;
  publish(channel: string, records: OutgoingRecord[]): Promise<Acknowledgement[]>;
  /** What this client may see: one channel, those that match a glob, or all. */
  describe(channel?: string): Promise<{channels: ChannelDescription[]; truncated: boolean}>;
  /** Milliseconds to the gateway and back. */
  ping(): Promise<number>;
  /** Closes for good: iterators end, waiting publishes are `closed`, those in flight `outcome-unknown`. */
  close(): void;
  addEventListener<K extends keyof ClientEvents>(type: K,
    listener: ((event: ClientEvents[K]) => void) | null, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof ClientEvents>(type: K,
    listener: ((event: ClientEvents[K]) => void) | null, options?: boolean | EventListenerOptions): void;
}

/** One caller's share: an async iterator of records, or callbacks. Leaving the loop unsubscribes. */
export class Subscription implements AsyncIterableIterator<SluiceRecord> {
  private constructor();
  readonly channel: string;
  /** Resolves with the start position when the gateway confirms; rejects when it refuses. */
  readonly ready: Promise<ResumePoint>;
  /** Where to go on after what this caller has been given; a copy. */
  readonly resumePoint: ResumePoint;
  /** Lets so many more records come to the callbacks of a subscription that was made with `credit`. */
  grant(records: number): void;
  unsubscribe(): void;
  [Symbol.asyncIterator](): this;
  next(): Promise<IteratorResult<SluiceRecord>>;
  return(): Promise<IteratorResult<SluiceRecord>>;
}

/** A failure with a `code` to switch on: one of the protocol's, or one of this client's. */
export class SluiceError extends Error {
  constructor(code: string, message: string, details?: Record<string, any>);
  readonly code: string;
  /** The field of a command that was wrong. */
  readonly field: string | undefined;
  /** What else is known, by name. */
  readonly details: Record<string, any>;
  /** True when nothing was stored and trying again may succeed. */
  readonly retriable: boolean;
}

/** `outcome-unknown`, `timeout`: the record may or may not be stored. */
export class OutcomeUnknownError extends SluiceError {}
/** `not-sent`: nothing was sent; trying again is safe. */
export class NotSentError extends SluiceError {}
/** `unavailable`: Kafka cannot be reached; nothing was stored. */
export class UnavailableError extends SluiceError {}
/** `partial`: some records of one publish failed. */
export class PartialPublishError extends SluiceError {
  /** Each record's outcome, in order. */
  readonly results: (Acknowledgement | SluiceError)[];
}
/** `invalid`: a command or an option is wrong; `field` says which. */
export class InvalidError extends SluiceError {}
/** `unknown-channel`: there is none, or none that may be seen. */
export class UnknownChannelError extends SluiceError {}
/** `offset-out-of-range`: `details` holds `topic`, `partition`, `oldest` and `head`. */
export class OffsetOutOfRangeError extends SluiceError {}
/** `unauthenticated`, `forbidden`. */
export class AccessError extends SluiceError {}
/** `too-large`, `too-many`, `rate-limited`. */
export class LimitError extends SluiceError {}
/** `protocol`: the gateway said something that cannot be true. */
export class ProtocolError extends SluiceError {}
/** `closed`: the client was closed, or the gateway said not to come back. */
export class ClosedError extends SluiceError {}
