/**
 * How a token travels.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/** Characters of an RFC 9110 token, of which a sub-protocol's name is made. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * A sub-protocol offer that carries a token (PROTOCOL §1): a browser's WebSocket can send no header.
 *
 * @param {string} token
 * @returns {string}
 */
export function subprotocol(token) {
  if (TOKEN.test(token)) return `bearer.${token}`;
  const bytes = new TextEncoder().encode(token);
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return `bearer64.${base64.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')}`;
}
