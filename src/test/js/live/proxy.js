/**
 * A network in front of a gateway that is not as it should be: `node proxy.js <port of the gateway> <kind>` prints where
 * it listens. Whatever is not the protocol passes. Kinds:
 *
 * - `cutting`: every connection that speaks the protocol breaks after some kilobytes, each after others
 * - `blocking`: the first upgrades to WebSocket get nowhere
 */

import {connect, createServer} from 'node:net';

const PROTOCOL = /^(GET|POST|OPTIONS) \/v1\//;
const UPGRADE = /^upgrade: *websocket/im;
const BLOCKED_UPGRADES = 4;

/** Bytes from the gateway until the n-th break: unlike each other, and enough for some records. */
const budget = (n) => 3_000 + (n * 1_237) % 17_000;

const [, , port, kind] = process.argv;
let connections = 0;
let upgrades = 0;

const server = createServer((client) => {
  const gateway = connect(Number(port), '127.0.0.1');
  let left = Infinity;
  const end = () => {
    client.destroy();
    gateway.destroy();
  };
  client.on('data', (bytes) => {
    const text = bytes.toString('latin1');
    if (kind === 'blocking' && UPGRADE.test(text) && ++upgrades <= BLOCKED_UPGRADES) {
      end();
      return;
    }
    if (kind === 'cutting' && left === Infinity && PROTOCOL.test(text)) left = budget(++connections);
    gateway.write(bytes);
  });
  gateway.on('data', (bytes) => {
    client.write(bytes.subarray(0, left));
    left -= bytes.length;
    if (left <= 0) client.destroySoon();
  });
  for (const [one, other] of [[client, gateway], [gateway, client]]) {
    one.on('error', end);
    one.on('close', () => other.destroySoon());
  }
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.on('end', () => process.exit()).resume(); // Whoever started it is gone.
