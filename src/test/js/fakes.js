/** A clock that moves only when told, and a WebSocket whose other end is the test. */

export class FakeClock {
  #now = 0;
  #next = 1;
  #timers = new Map();

  now = () => this.#now;

  setTimeout = (task, ms) => {
    const id = this.#next++;
    this.#timers.set(id, {task, at: this.#now + Math.max(0, ms)});
    return id;
  };

  clearTimeout = (id) => this.#timers.delete(id);

  get pending() {
    return this.#timers.size;
  }

  /** Moves on, firing what falls due in order of time. */
  advance(ms) {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, t]) => t.at <= end).sort((a, b) => a[1].at - b[1].at || a[0] - b[0]);
      if (due.length === 0) break;
      const [id, {task, at}] = due[0];
      this.#timers.delete(id);
      this.#now = at;
      task();
    }
    this.#now = end;
  }
}

/** The gateway as the test plays it: every socket that a client opened, in order. */
export class FakeGateway {
  /** @type {FakeSocket[]} */ sockets = [];

  constructor() {
    const gateway = this;
    this.WebSocket = class extends FakeSocket {
      constructor(url, protocols) {
        super(url, protocols);
        gateway.sockets.push(this);
      }
    };
  }

  get socket() {
    return this.sockets.at(-1);
  }
}

class FakeSocket {
  onmessage = null;
  onclose = null;
  /** Commands of the client, oldest first. */ sent = [];
  closedWith = undefined;

  constructor(url, protocols) {
    this.url = url;
    this.protocols = protocols;
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close(code) {
    if (code !== undefined && code !== 1000 && (code < 3000 || code > 4999)) throw new Error('InvalidAccessError');
    this.closedWith = code;
  }

  /** The gateway says something: an object, or a text as it is. */
  say(message) {
    this.onmessage?.({data: typeof message === 'string' ? message : JSON.stringify(message)});
  }

  welcome(more = {}) {
    this.say({type: 'welcome', protocol: 'sluice.v1', connection: 'c', instance: 'i',
      limits: {maxMessageBytes: 1_000_000}, heartbeatMs: 20_000, ...more});
  }

  /** The socket breaks. */
  break(code = 1006, reason = '') {
    this.onclose?.({code, reason});
  }

  commands(type) {
    return this.sent.filter((command) => command.type === type);
  }

  /** Confirms the newest command of a type. */
  reply(type, answer) {
    this.say({id: this.commands(type).at(-1).id, ...answer});
  }

  subscribed(subscription, positions = {orders: {0: 0}}, topicIds = {orders: 'id-1'}) {
    this.reply('subscribe', {type: 'subscribed', subscription, channel: 'orders', positions, topicIds});
  }

  /** Records of topic `orders`, partition 0, with these offsets. */
  records(subscription, ...offsets) {
    const records = offsets.map((offset) => (
      {topic: 'orders', partition: 0, offset, timestamp: 1, key: 'k', headers: {}, value: offset}));
    this.say({type: 'records', subscription, records});
  }
}
