/** Event streams whose other end is the test: a `fetch` that is answered by hand. */

import {FakeClock} from './fakes.js';
import {lib} from './world.js';

/** Lets everything that promises wait for go on. */
export const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

/** One request that waits for its answer. */
class FakeRequest {
  #answer;
  /** @type {ReadableStreamDefaultController} */ #body;
  isBegun = false;

  constructor(url, {method = 'GET', signal, headers, body}, answer) {
    this.url = new URL(url);
    this.method = method;
    this.signal = signal;
    this.headers = headers;
    this.body = body;
    this.#answer = answer;
    signal?.addEventListener('abort', () => this.break());
  }

  answer(status, body) {
    this.#answer.resolve(new Response(body === undefined ? null : JSON.stringify(body),
      {status, headers: {'Content-Type': 'application/json'}}));
  }

  /** Answers with a stream that goes on. */
  stream() {
    this.isBegun = true;
    const body = new ReadableStream({start: (controller) => (this.#body = controller)});
    this.#answer.resolve(new Response(body, {headers: {'Content-Type': 'text/event-stream'}}));
    return this;
  }

  say(event, data) {
    this.#write(`event: ${event}\ndata: ${JSON.stringify({type: event, ...data})}\n\n`);
  }

  /** Answers with a stream that is confirmed at an offset of `orders`, partition 0. */
  subscribed(offset = 0) {
    this.stream().say('subscribed', {subscription: 1, channel: 'orders', positions: {orders: {0: offset}}, topicIds: {orders: 'id-1'}});
    return this;
  }

  records(...offsets) {
    this.#write(offsets.map((offset) => `data: ${JSON.stringify(
      {topic: 'orders', partition: 0, offset, timestamp: 1, key: 'k', headers: {}, value: offset})}\n\n`).join(''));
  }

  #write(text) {
    this.#body.enqueue(new TextEncoder().encode(text));
  }

  end() {
    this.#body.close();
  }

  break() {
    this.#answer.reject(new TypeError('the network broke'));
    try {
      this.#body?.error(new TypeError('the network broke'));
    } catch {
      // It has ended.
    }
  }
}

/** A client of event streams that is open, its clock and its requests, oldest first. */
export async function streamsWorld(options = {}) {
  const clock = new FakeClock();
  /** @type {FakeRequest[]} */ const requests = [];
  const fetch = (url, how) => new Promise((resolve, reject) => {
    requests.push(new FakeRequest(url, how, {resolve, reject}));
    if (how.method === 'OPTIONS') requests.pop()?.answer(204);
  });
  const client = lib.connect('ws://gateway/v1/ws', {
    transport: 'sse', fetch, clock, random: () => 1, backoffMinMs: 100, backoffMaxMs: 1_000, ...options});
  const states = [];
  client.addEventListener('state', ({state}) => states.push(state));
  await settled();
  return {clock, requests, client, states};
}
