/**
 * A gateway that does what each scenario says, over real sockets: below `/<scenario>/<run>/v1/` it speaks the protocol,
 * elsewhere it serves the files that a browser needs. Run alone, with the file of the client, it prints its address.
 */

import {createServer} from 'node:http';
import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';

import {RudeSocket} from './socket.js';
import {RudeStream} from './stream.js';
import {scenarios} from './scenarios.js';

/** Whatever a test runs in a browser is below. */
const FILES = new URL('../', import.meta.url);

/** What a scenario's server part has to remember between its connections. */
class Run {
  connections = 0;
  streams = 0;
  posts = 0;
  memory = {};
}

export class RudeGateway {
  #runs = new Map();
  #sockets = new Set();

  /** @param {string} client the file that is served as the client @param {Record<string, any>} known by their names */
  constructor(client, known = scenarios) {
    this.client = client;
    this.scenarios = known;
    this.failures = [];
    this.server = createServer((request, response) => this.#onRequest(request, response));
    this.server.on('upgrade', (request, socket, head) => this.#onUpgrade(request, socket, head));
    this.server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** @returns {Promise<string>} the address */
  start() {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', () => resolve(
      `http://127.0.0.1:${this.server.address().port}`)));
  }

  stop() {
    this.server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #at(url) {
    const [, name, number, rest] = /^\/([^/]+)\/([^/]+)\/v1\/(.*)$/.exec(url) ?? [];
    const scenario = this.scenarios[decodeURIComponent(name ?? '')];
    if (!scenario) return {};
    const key = `${name}/${number}`;
    if (!this.#runs.has(key)) this.#runs.set(key, new Run());
    return {scenario, run: this.#runs.get(key), rest};
  }

  #onUpgrade(request, socket, head) {
    const {scenario, run} = this.#at(request.url);
    const number = run ? ++run.connections : 0;
    if (!scenario?.serve || scenario.refuses?.(number)) {
      socket.destroy();
      return;
    }
    this.#serve(async () => scenario.serve(new RudeSocket(request, socket, head), number, run.memory));
  }

  async #serve(conversation) {
    try {
      await conversation();
    } catch (failure) {
      this.failures.push(failure);
    }
  }

  async #onRequest(request, response) {
    const {scenario, run, rest} = this.#at(request.url);
    if (!scenario) {
      await this.#file(request.url, response);
    } else if (rest === 'ws') {
      response.writeHead(426, {'Sec-WebSocket-Version': '13'}).end();
    } else if (request.method === 'OPTIONS') {
      response.writeHead(204, {Allow: 'GET, HEAD, POST, OPTIONS'}).end();
    } else if (request.method === 'POST') {
      this.#serve(async () => scenario.post(new RudeStream(request, response), ++run.posts, run.memory));
    } else {
      this.#serve(async () => scenario.stream(new RudeStream(request, response), ++run.streams, run.memory));
    }
  }

  async #file(path, response) {
    if (path === '/failures') { // Told once, each to whoever asks after its scenario.
      response.end(this.failures.splice(0).map((failure) => `${failure?.stack ?? failure}`).join('\n'));
      return;
    }
    const file = path === '/sluice.js' ? this.client : fileURLToPath(new URL(`.${path}`, FILES));
    if (path === '/') {
      response.writeHead(200, {'Content-Type': 'text/html'}).end('<!doctype html><title>Rude</title>');
      return;
    }
    try {
      const content = await readFile(file);
      response.writeHead(200, {'Content-Type': 'text/javascript'}).end(content);
    } catch {
      response.writeHead(404).end();
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(await new RudeGateway(process.argv[2]).start());
  process.stdin.on('end', () => process.exit()).resume(); // Whoever started it is gone.
}
