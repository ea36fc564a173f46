/** Clients under test, with their clock and the gateway that they talk to. */

import {fileURLToPath, pathToFileURL} from 'node:url';

import {FakeClock, FakeGateway} from './fakes.js';

/** The modules, or the one file that is made of them where its name is given. */
export const modulePath = process.env.SLUICE_CLIENT
  ?? fileURLToPath(new URL('../../main/javascript/index.js', import.meta.url));
export const lib = await import(pathToFileURL(modulePath).href);
const {connect, SluiceError} = lib;

/** A client, its clock and the gateway that it talks to; random 1 makes each back-off its upper bound. */
export function world(options = {}) {
  const clock = new FakeClock();
  const gateway = new FakeGateway();
  const client = connect('ws://gateway/v1/ws', {
    WebSocket: gateway.WebSocket, transport: 'websocket', clock, random: () => 1, backoffMinMs: 100,
    backoffMaxMs: 1_000, ...options});
  const states = [];
  client.addEventListener('state', (event) => states.push(event));
  return {clock, gateway, client, states};
}

export function openWorld(options) {
  const it = world(options);
  it.gateway.socket.welcome();
  return it;
}

/** A subscription to `orders` that is confirmed as number 7 at offset 0 and collects offsets and gaps. */
export function subscribedWorld(options = {}) {
  const it = openWorld();
  const seen = [];
  const gaps = [];
  const subscription = it.client.subscribe('orders', {
    onRecord: (record) => seen.push(record.offset), onGap: (gap) => gaps.push(gap), ...options});
  it.gateway.socket.subscribed(7);
  return {...it, subscription, seen, gaps};
}

/** Breaks the socket, lets the client come back and welcomes it. */
export function reconnect({gateway, clock}, code = 1006) {
  gateway.socket.break(code);
  clock.advance(2_000);
  gateway.socket.welcome();
}

export const code = (expected) => (error) => error instanceof SluiceError && error.code === expected;
