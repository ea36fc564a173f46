/** The server's end of a WebSocket (RFC 6455), as far as a test needs it, and able to break every rule. */

import {createHash} from 'node:crypto';

import {record} from './record.js';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** One text frame, whole. @returns {Buffer} */
function frame(text, opcode = 1) {
  const payload = Buffer.from(text);
  const head = payload.length < 126 ? [0x80 | opcode, payload.length]
    : payload.length < 65_536 ? [0x80 | opcode, 126, payload.length >> 8, payload.length & 255]
      : [0x80 | opcode, 127, 0, 0, 0, 0, payload.length >>> 24, (payload.length >> 16) & 255,
        (payload.length >> 8) & 255, payload.length & 255];
  return Buffer.concat([Buffer.from(head), payload]);
}

/** A socket that was upgraded. Commands of the client are awaited one by one. */
export class RudeSocket {
  /** Commands that nobody has awaited yet. @type {any[]} */ #commands = [];
  #waiting;
  #input = Buffer.alloc(0);
  isOver = false;
  /** Bytes that may still be written before the cut. */ #left = Infinity;

  constructor(request, socket, head) {
    this.socket = socket;
    this.offers = String(request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + GUID).digest('base64');
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
      + `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: sluice.v1.json\r\n\r\n`);
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('error', () => {});
    socket.on('close', () => this.#end());
    if (head.length > 0) this.#read(head);
  }

  /** The next command of a type; others are passed over. Undefined when the socket ends before. */
  async next(type) {
    for (;;) {
      const at = this.#commands.findIndex((command) => command.type === type);
      if (at >= 0) return this.#commands.splice(at, 1)[0];
      if (this.isOver) return undefined;
      await new Promise((resolve) => (this.#waiting = resolve));
    }
  }

  /** Every command, as it comes; ends with the socket. */
  async* commands() {
    while (!this.isOver || this.#commands.length > 0) {
      if (this.#commands.length > 0) yield this.#commands.shift();
      else await new Promise((resolve) => (this.#waiting = resolve));
    }
  }

  say(message) {
    this.write(frame(typeof message === 'string' ? message : JSON.stringify(message)));
  }

  /** A ping of WebSocket itself, which no browser shows. */
  ping() {
    this.write(frame('x', 9));
  }

  welcome(more = {}) {
    this.say({type: 'welcome', protocol: 'sluice.v1', connection: 'c-1', instance: 'i',
      limits: {maxMessageBytes: 1_000_000}, heartbeatMs: 20_000, ...more});
  }

  /** Answers the next subscribe. @returns {Promise<any>} the command */
  async subscribed(subscription, positions = {orders: {0: 0}}, more = {}) {
    const command = await this.next('subscribe');
    if (command) {
      this.say({type: 'subscribed', id: command.id, subscription, channel: command.channel, positions,
        topicIds: {orders: 'id-1'}, ...more});
    }
    return command;
  }

  /** Records of `orders`, partition 0, with these offsets. */
  records(subscription, ...offsets) {
    this.say({type: 'records', subscription, records: offsets.map(record)});
  }

  write(bytes) {
    if (this.isOver) return;
    this.socket.write(bytes.subarray(0, this.#left));
    this.#left -= bytes.length;
    if (this.#left <= 0) this.cut();
  }

  /** The connection breaks once so many more bytes were written, wherever that is. */
  cutAfter(bytes) {
    this.#left = bytes;
  }

  cut() {
    this.socket.destroySoon();
    this.#end();
  }

  close(code, reason = '') {
    this.write(Buffer.concat([Buffer.from([0x88, 2 + reason.length, code >> 8, code & 255]), Buffer.from(reason)]));
    this.socket.end();
  }

  #end() {
    this.isOver = true;
    this.#waiting?.();
  }

  #read(bytes) {
    this.#input = Buffer.concat([this.#input, bytes]);
    for (;;) {
      const input = this.#input;
      if (input.length < 6) return;
      let length = input[1] & 127;
      let at = 2;
      if (length === 126) [length, at] = [input.readUInt16BE(2), 4];
      else if (length === 127) [length, at] = [Number(input.readBigUInt64BE(2)), 10];
      if (input.length < at + 4 + length) return;
      const mask = input.subarray(at, at + 4);
      const payload = Buffer.from(input.subarray(at + 4, at + 4 + length)).map((byte, i) => byte ^ mask[i & 3]);
      this.#input = input.subarray(at + 4 + length);
      this.#onFrame(input[0] & 15, payload);
    }
  }

  #onFrame(opcode, payload) {
    if (opcode === 1) {
      this.#commands.push(JSON.parse(payload.toString()));
      this.#waiting?.();
    } else if (opcode === 8) {
      this.write(frame(payload, 8));
      this.socket.end();
    }
  }
}
