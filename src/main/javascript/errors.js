/**
 * What can go wrong, as a class for each case that programs branch on.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/** A failure with a `code` to switch on: one of the protocol's or one of this client's. */
export class SluiceError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {Record<string, any>} [details] what else is known
   */
  constructor(code, message, details = {}) {
    super(message);
    this.name = 'SluiceError';
    this.code = code;
    /** The field of a command that was wrong. @type {string | undefined} */
    this.field = typeof details.field === 'string' ? details.field : undefined;
    /** What else is known, by name; an object without a prototype. @type {Record<string, any>} */
    this.details = plain(details);
  }

  /** True when nothing was stored and trying again may succeed. */
  get retriable() {
    return RETRIABLE.has(this.code);
  }
}

/** The record may or may not be stored: whoever tries again may store it twice. */
export class OutcomeUnknownError extends SluiceError {}

/** Nothing was sent; trying again is safe. */
export class NotSentError extends SluiceError {}

/** Kafka cannot be reached; nothing was stored, and trying again is safe. */
export class UnavailableError extends SluiceError {}

/** Some records of one publish failed. */
export class PartialPublishError extends SluiceError {
  /** Each record's outcome, in order: where it is, or why it failed. @returns {any[]} */
  get results() {
    return this.details.results;
  }
}

/** A command or an option is wrong; `field` says which. */
export class InvalidError extends SluiceError {}

/** There is no such channel, or none that may be seen. */
export class UnknownChannelError extends SluiceError {}

/** A position lies above the head; `details` holds `topic`, `partition`, `oldest` and `head`. */
export class OffsetOutOfRangeError extends SluiceError {}

/** Not signed in, or not allowed to. */
export class AccessError extends SluiceError {}

/** A limit was passed: too large, too many, or too often. */
export class LimitError extends SluiceError {}

/** The gateway said something that cannot be true. */
export class ProtocolError extends SluiceError {}

/** The client was closed, or the gateway said not to come back. */
export class ClosedError extends SluiceError {}

const CLASSES = new Map(Object.entries({
  'outcome-unknown': OutcomeUnknownError,
  'timeout': OutcomeUnknownError,
  'not-sent': NotSentError,
  'unavailable': UnavailableError,
  'partial': PartialPublishError,
  'invalid': InvalidError,
  'unknown-channel': UnknownChannelError,
  'offset-out-of-range': OffsetOutOfRangeError,
  'unauthenticated': AccessError,
  'forbidden': AccessError,
  'too-large': LimitError,
  'too-many': LimitError,
  'rate-limited': LimitError,
  'protocol': ProtocolError,
  'closed': ClosedError,
}));

/** Names that survive a minifier, for logs. */
const ERROR_NAMES = new Map(Object.entries({
  OutcomeUnknownError, NotSentError, UnavailableError, PartialPublishError, InvalidError, UnknownChannelError,
  OffsetOutOfRangeError, AccessError, LimitError, ProtocolError, ClosedError,
}).map(([name, type]) => [type, name]));

const RETRIABLE = new Set(['unavailable', 'not-sent', 'rate-limited']);

/** Failures of a subscribe that pass by themselves. */
export const PASSING_CODES = new Set(['unavailable', 'timeout', 'rate-limited']);

/**
 * The error for a code, in the class that belongs to it; one that this version does not know is a plain
 * {@link SluiceError}.
 *
 * @param {string} code
 * @param {string} message
 * @param {Record<string, any>} [details]
 * @returns {any} the class that belongs to the code
 */
export function failure(code, message, details) {
  const Type = CLASSES.get(code) ?? SluiceError;
  const error = new Type(code, message, details);
  error.name = ERROR_NAMES.get(Type) ?? 'SluiceError';
  return error;
}

/** The error that a message of the gateway tells of; what else it says becomes `details`. */
export function failureOf(message, fallback = 'failed') {
  const {type, id, code, message: text, ...details} = message;
  const word = typeof code === 'string' ? code : 'internal';
  return failure(word, typeof text === 'string' ? text : fallback, details);
}

/** Copies what came from outside into an object that has no prototype to be mistaken for. */
function plain(details) {
  const copy = Object.create(null);
  for (const [name, value] of Object.entries(details)) copy[name] = value;
  return copy;
}

/** A caller's code may fail without harming the client or other callers. */
export function tell(listener, ...values) {
  if (!listener) return;
  try {
    listener(...values);
  } catch (error) {
    if (typeof globalThis.reportError === 'function') globalThis.reportError(error);
    else console.error(error);
  }
}
