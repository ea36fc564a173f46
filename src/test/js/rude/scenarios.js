/**
 * Misbehaviour and what a client makes of it: the server's part runs in Node, the client's in Node or in a browser.
 *
 * A scenario is `serve(socket, n, memory)`, what the n-th connection meets; `stream(stream, n, memory)` and
 * `post(post, n, memory)`, the same over HTTP; `refuses(n)`, whether the n-th upgrade is refused; and
 * `run({connect, url})`, what the client does and must find.
 */

import {drops} from './drops.js';
import {lies} from './lies.js';
import {pace} from './pace.js';
import {fallback} from './fallback.js';

export const scenarios = {...drops, ...lies, ...pace, ...fallback};

/** Quick to come back, so that a scenario takes no longer than it must. */
const QUICK = {backoffMinMs: 1, backoffMaxMs: 5, connectTimeoutMs: 2_000};

/** Runs one; fails with what was not as it should be. */
export async function play(name, base, lib, run) {
  const clients = [];
  const url = `${base.replace(/^http/, 'ws')}/${encodeURIComponent(name)}/${run}/v1/ws`;
  const connect = (options) => {
    const client = lib.connect(url, {...QUICK, ...options});
    clients.push(client);
    return client;
  };
  try {
    await scenarios[name].run({connect, lib});
    if ({}.x !== undefined || [].x !== undefined || Object.keys(Object.prototype).length > 0) {
      throw new Error('a prototype was written to');
    }
  } finally {
    for (const client of clients) client.close();
  }
}
