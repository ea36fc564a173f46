/**
 * What an HTTP answer that is no success means.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

import {failure, failureOf} from './errors.js';
import {isObject} from './positions.js';

/** What a status means where nothing else is said; all of them are refusals. */
const CODES = new Map([
  [401, 'unauthenticated'], [403, 'forbidden'], [404, 'unknown-channel'], [413, 'too-large'], [429, 'rate-limited'],
]);

/** As a WebSocket would have been closed. */
const CLOSE_CODES = new Map([[401, 4401], [403, 4403], [429, 4429], [503, 1013]]);

/** The problem (RFC 9457) that an answer holds. @param {Response} response @returns {Promise<any>} none: undefined */
export async function problemOf(response) {
  if (!/\bjson\b/.test(response.headers.get('Content-Type') ?? '')) {
    await response.body?.cancel();
    return undefined;
  }
  const problem = await response.json().catch(() => undefined);
  return isObject(problem) ? problem : undefined;
}

/** Why a publish failed. */
export function publishFailure(status, problem) {
  if (typeof problem?.code === 'string') return failureOf(problem);
  const text = `HTTP ${status}${typeof problem?.detail === 'string' ? `: ${problem.detail}` : ''}`;
  const isRefusal = status >= 400 && status < 500 && status !== 408;
  // Whatever stands between may have passed it on before it gave up.
  return failure(isRefusal ? CODES.get(status) ?? 'invalid' : 'outcome-unknown', text, {status});
}

/**
 * Why there is no event stream: an error of this one subscription, or else undefined, and then it is the
 * connection's.
 */
export function streamFailure(problem) {
  const isOwn = typeof problem?.code === 'string' && problem.code !== 'unauthenticated';
  return isOwn ? failureOf(problem) : undefined;
}

/** Why there is no connection, as `onLost` is told. @param {Response} response @param {any} [problem] */
export function httpLoss(response, problem) {
  const {status} = response;
  const seconds = response.headers.get('Retry-After') ?? '';
  const retryAfterMs = /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1_000 : 0;
  const reason = `HTTP ${status}${typeof problem?.detail === 'string' ? `: ${problem.detail}` : ''}`;
  // Only a gateway's word is final: a proxy's page may say the same for a while.
  const isFromGateway = problem !== undefined || (status !== 401 && status !== 403);
  return {closeCode: (isFromGateway ? CLOSE_CODES.get(status) : undefined) ?? 1006, reason, retryAfterMs};
}
