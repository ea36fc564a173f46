/** The server's end of an event stream, or of a POST. */

export class RudeStream {
  #isBegun = false;

  constructor(request, response) {
    this.request = request;
    this.response = response;
    this.url = new URL(request.url, 'http://gateway');
    this.query = this.url.searchParams;
    this.token = request.headers.authorization;
  }

  get isOver() {
    return this.response.destroyed || this.response.writableEnded;
  }

  /** What was posted. */
  async body() {
    let text = '';
    for await (const piece of this.request.setEncoding('utf8')) text += piece;
    return text;
  }

  begin(type = 'text/event-stream') {
    this.#isBegun = true;
    this.response.writeHead(200, {'Content-Type': type, 'Cache-Control': 'no-store'});
    this.response.flushHeaders();
  }

  raw(text) {
    if (!this.#isBegun) this.begin();
    this.response.write(text);
  }

  say(event, data) {
    this.raw(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  subscribed(positions = {orders: {0: 0}}, more = {}) {
    this.say('subscribed', {type: 'subscribed', subscription: 1, channel: 'orders', positions, topicIds: {orders: 'id-1'}, ...more});
  }

  records(...records) {
    this.raw(records.map((record) => `data: ${JSON.stringify(record)}\n\n`).join(''));
  }

  id(id) {
    this.raw(`id: ${id}\n\n`);
  }

  answer(status, body, headers = {}) {
    this.response.writeHead(status, {'Content-Type': 'application/problem+json', ...headers}).end(JSON.stringify(body));
  }

  end() {
    this.response.end();
  }

  cut() {
    this.response.socket?.destroy();
  }
}
