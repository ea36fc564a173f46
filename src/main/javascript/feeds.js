/**
 * All feeds of a client.
 *
 * SPDX-License-Identifier: Apache-2.0
 */

import {Feed} from './feed.js';
import {Subscription} from './subscription.js';
import {Intake, Wish} from './wish.js';

/** What is subscribed, who shares it, and in which order it goes onto a connection. */
export class Feeds {
  /** Those that can still be joined, by wish. @type {Map<string, Feed>} */ #shared = new Map();
  /** All that are or will be on the wire. @type {Set<Feed>} */ #all = new Set();

  /**
   * @param {{clock: any, backoff: (attempt: number) => number, serving: any}} host `serving`: the connection
   *     that takes commands now, if there is one
   */
  constructor(host) {
    this.host = host;
  }

  get clock() {
    return this.host.clock;
  }

  get connection() {
    return this.host.serving;
  }

  backoff(attempt) {
    return this.host.backoff(attempt);
  }

  /** @returns {Subscription} */
  subscribe(channel, options) {
    const wish = new Wish(channel, options);
    const intake = new Intake(options);
    let feed = this.#shared.get(wish.name);
    if (!feed) {
      feed = new Feed(this, wish);
      this.#shared.set(wish.name, feed);
      this.#all.add(feed);
    }
    const subscription = new Subscription(feed, options, intake);
    feed.join(subscription);
    this.settle();
    return subscription;
  }

  /** Brings every feed to what its members want, as far as the connection allows. */
  settle() {
    for (const feed of [...this.#all]) {
      const {connection} = this; // A feed may fail and a caller close the client meanwhile.
      if (!connection) return;
      if (feed.isAbandoned && feed.phase === 'idle') {
        this.#all.delete(feed);
        continue;
      }
      // The gateway may give the next subscription of a channel the same number: the old one leaves first.
      if (feed.phase === 'idle' && this.#isBeingLeft(feed.channel, feed)) continue;
      feed.settle(connection);
    }
  }

  #isBeingLeft(channel, except) {
    for (const feed of this.#all) {
      if (feed === except || feed.channel !== channel) continue;
      if (feed.phase === 'leaving' || (feed.isAbandoned && feed.phase !== 'idle')) return true;
    }
    return false;
  }

  /** Nobody can join it any more. @internal @param {Feed} feed */
  forget(feed) {
    if (this.#shared.get(feed.name) === feed) this.#shared.delete(feed.name);
    feed.tryNow();
    if (feed.phase === 'idle') this.#all.delete(feed);
  }

  /** What made them fail may be over. */
  tryNow() {
    for (const feed of this.#all) feed.tryNow();
    this.settle();
  }

  onLost() {
    for (const feed of [...this.#all]) {
      feed.onLost();
      if (feed.isAbandoned) this.#all.delete(feed);
    }
  }

  /** Ends them all. @param {any} [error] none when the client was closed by its owner */
  end(error) {
    for (const feed of [...this.#all]) feed.fail(error);
    this.#all.clear();
  }
}
