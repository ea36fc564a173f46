/**
 * Numbers that callers give.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

import {failure} from './errors.js';

/** Refuses what is no whole number within the bounds, by its name. */
export function requireWhole(name, value, least, most = Number.MAX_SAFE_INTEGER) {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `from ${least} to ${most}`;
  throw failure('invalid', `${name} must be a whole number, ${range}`, {field: name});
}
