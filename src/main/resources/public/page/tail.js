/** A table that follows any topic: the newest records on top, a bounded number of them. */

import {byId, element, setText} from './elements.js';
import {subscribeRecent} from './recent.js';
import {clockTime} from './units.js';

const MAX_ROWS = 200;
const RECENT = 100;

/** More often than this nobody can read. */
const SHOW_MS = 200;
const MAX_VALUE_CHARS = 600;

export class Tail {
  #connect;
  #client;
  #subscription;
  #channel = '';
  /** Not yet shown, oldest first. @type {any[]} */ #fresh = [];
  #count = 0;
  #isPaused = false;
  /** Each follow has its own; what an earlier one still says is not for us. */ #turn = 0;

  /** @param {() => import('../sluice.js').Client} connect a client of its own: only so may its start differ */
  constructor(connect) {
    this.#connect = connect;
    byId('tail-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.follow(byId('tail-channel').value.trim(), byId('tail-from').value);
    });
    byId('tail-pause').addEventListener('click', () => this.#pause(!this.#isPaused));
    byId('tail-stop').addEventListener('click', () => this.stop());
    setInterval(() => this.#show(), SHOW_MS);
  }

  /** Follows a channel that may well not be there: the page chose it, not the reader. */
  offer(channel) {
    this.follow(channel, 'latest', () => {
      byId('tail-channel').value = '';
      this.#say('Enter the name of a topic to follow it.');
    });
  }

  /**
   * @param {string} channel
   * @param {string} from `latest`, `recent` or `earliest`
   * @param {() => void} [onUnknown] what to do instead of reporting that there is no such channel
   */
  async follow(channel, from, onUnknown) {
    this.stop();
    const turn = ++this.#turn;
    const isCurrent = () => turn === this.#turn;
    this.#client ??= this.#connect();
    this.#channel = channel;
    this.#fresh = [];
    this.#count = 0;
    byId('tail-rows').replaceChildren();
    this.#setRunning(true);
    this.#say(`Asking for ${channel}…`);
    const ended = (error) => {
      if (!isCurrent()) return;
      this.#setRunning(false);
      if (error.code === 'unknown-channel' && onUnknown) onUnknown();
      else this.#say(problem(channel, error), true);
    };
    const options = {
      onRecords: (records) => isCurrent() && this.#onRecords(records),
      onGap: (gap) => isCurrent() && this.#onGap(gap),
      onSubscribed: () => isCurrent() && this.#showCount(),
      onEnded: ended,
    };
    try {
      const subscription = from === 'recent'
        ? await subscribeRecent(this.#client, channel, RECENT, options)
        : this.#client.subscribe(channel, {...options, from});
      if (isCurrent()) this.#subscription = subscription;
      else subscription.unsubscribe();
    } catch (error) {
      ended(error);
    }
  }

  stop() {
    this.#turn++;
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
    if (byId('tail-stop').disabled) return;
    this.#setRunning(false);
    this.#say(`Stopped after ${this.#count.toLocaleString('en')} records.`);
  }

  #setRunning(isRunning) {
    byId('tail-stop').disabled = !isRunning;
    byId('tail-pause').disabled = !isRunning;
    this.#pause(false);
  }

  #pause(isPaused) {
    this.#isPaused = isPaused;
    byId('tail-pause').setAttribute('aria-pressed', String(isPaused));
    setText(byId('tail-pause'), isPaused ? 'Continue' : 'Pause');
    if (!byId('tail-pause').disabled && this.#subscription) this.#showCount();
  }

  #onRecords(records) {
    this.#count += records.length;
    this.#keep(records);
  }

  #onGap(gap) {
    if (gap.reason !== 'retention') this.#keep([{gap}]);
  }

  #keep(items) {
    this.#fresh = this.#fresh.concat(items.slice(-MAX_ROWS)).slice(-MAX_ROWS);
  }

  #show() {
    if (this.#fresh.length === 0 || this.#isPaused || document.hidden) return;
    const body = byId('tail-rows');
    const rows = this.#fresh.map((item) => (item.gap ? gapRow(item.gap) : recordRow(item))).reverse();
    this.#fresh = [];
    body.prepend(...rows);
    while (body.childElementCount > MAX_ROWS) body.lastElementChild.remove();
    byId('tail-empty').hidden = true;
    this.#showCount();
  }

  #showCount() {
    const status = byId('tail-status');
    // The count changes all the time: read it when asked for, but do not announce each change.
    status.setAttribute('aria-live', this.#count > 0 ? 'off' : 'polite');
    const count = this.#count.toLocaleString('en');
    const doing = this.#isPaused ? 'Paused' : 'Following';
    this.#say(`${doing} ${this.#channel} · ${count} ${this.#count === 1 ? 'record' : 'records'}`, false, false);
  }

  #say(words, isProblem = false, isAnnounced = true) {
    const status = byId('tail-status');
    if (isAnnounced) status.setAttribute('aria-live', 'polite');
    status.classList.toggle('problem', isProblem);
    setText(status, words);
    byId('tail-empty').hidden = byId('tail-rows').childElementCount > 0;
  }
}

function problem(channel, error) {
  if (error.code === 'unknown-channel') return `There is no channel ${channel}. Channels are topic names here.`;
  return `${channel}: ${error.message} (${error.code})`;
}

function recordRow({partition, offset, timestamp, key, value, valueType}) {
  const time = Number.isFinite(timestamp) ? new Date(timestamp) : undefined;
  return element('tr', {'data-testid': 'tail-row', 'data-offset': String(offset)},
    element('td', {class: 'number'}, String(partition)),
    element('td', {class: 'number'}, String(offset)),
    element('td', {class: 'time', ...(time ? {title: time.toISOString()} : {})}, clockTime(timestamp)),
    element('td', {class: 'key', title: typeof key === 'string' ? key : ''}, ...bytesCell(key)),
    element('td', {class: 'value'}, ...valueCell(value, valueType)));
}

function gapRow({partition, from, to, reason}) {
  const words = to === null ? 'the topic was made anew' : `offsets ${from} to ${to - 1} are missing`;
  return element('tr', {class: 'gap', 'data-testid': 'tail-gap'},
    element('td', {class: 'number'}, String(partition)),
    element('td', {colspan: '4'}, `Gap: ${words} (${reason})`));
}

function bytesCell(bytes) {
  if (bytes === null || bytes === undefined) return [element('i', {}, 'none')];
  return typeof bytes === 'string' ? [bytes] : [element('i', {}, 'base64 '), String(bytes.base64)];
}

function valueCell(value, valueType) {
  if (value === null && valueType === undefined) return [element('i', {}, 'tombstone')];
  const words = typeof value === 'string' && valueType !== 'json' && valueType !== undefined
    ? value : JSON.stringify(value);
  const cut = words.length > MAX_VALUE_CHARS ? `${words.slice(0, MAX_VALUE_CHARS)}…` : words;
  return valueType === 'base64' ? [element('i', {}, 'base64 '), cut] : [cut];
}
