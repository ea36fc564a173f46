/** A table that follows any channel: the newest records on top, a bounded number of them. */

import {byId, setText} from './elements.js';
import {gapRow, recordRow} from './tail-row.js';

const MAX_ROWS = 200;
const RECENT = 100;

/** More often than this nobody can read. */
const SHOW_MS = 200;

/** Records that may come between two looks at the table: however long a topic is, the page stays fluent. */
const RECORDS_PER_SHOW = 5_000;

/** Where to start, as the form says it. @returns {any} the option `from` */
export function start(from, since) {
  switch (from) {
    case 'recent': return {tail: RECENT};
    case 'since': return {timestamp: new Date(since)};
    default: return from;
  }
}

export class Tail {
  #connect;
  #client;
  #subscription;
  #channel = '';
  /** Not yet shown, oldest first. @type {any[]} */ #fresh = [];
  #count = 0;
  /** Taken since the last look; as many more are then asked for. */ #taken = 0;
  #isPaused = false;
  /** Each follow has its own; what an earlier one still says is not for us. */ #turn = 0;

  /** @param {() => import('../sluice.js').Client} connect a client of its own: only so may its start differ */
  constructor(connect) {
    this.#connect = connect;
    byId('tail-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.follow(byId('tail-channel').value.trim(), byId('tail-from').value);
    });
    byId('tail-from').addEventListener('change', () => this.#showSince());
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
   * @param {string} from `latest`, `recent`, `since` or `earliest`
   * @param {() => void} [onUnknown] what to do instead of reporting that there is no such channel
   */
  follow(channel, from, onUnknown) {
    this.stop();
    const turn = ++this.#turn;
    const isCurrent = () => turn === this.#turn;
    this.#client ??= this.#connect();
    this.#channel = channel;
    this.#fresh = [];
    this.#count = 0;
    this.#taken = 0;
    byId('tail-rows').replaceChildren();
    byId('tail-table').classList.toggle('has-topics', channel.includes('*'));
    this.#setRunning(true);
    this.#say(`Asking for ${channel}…`);
    const ended = (error) => {
      if (!isCurrent()) return;
      this.#setRunning(false);
      if (error.code === 'unknown-channel' && onUnknown) onUnknown();
      else this.#say(problem(channel, error), true);
    };
    const key = byId('tail-key').value;
    try {
      this.#subscription = this.#client.subscribe(channel, {
        from: start(from, byId('tail-since').value),
        key: key === '' ? undefined : key,
        value: 'text', // as they stand: a number beyond 2^53 would be shown as another one
        credit: RECORDS_PER_SHOW,
        onRecords: (records) => isCurrent() && this.#onRecords(records),
        onGap: (gap) => isCurrent() && this.#onGap(gap),
        onSubscribed: () => isCurrent() && this.#showCount(),
        onEnded: ended,
      });
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

  #showSince() {
    const isSince = byId('tail-from').value === 'since';
    byId('tail-since-field').hidden = !isSince;
    byId('tail-since').required = isSince;
    if (isSince && byId('tail-since').value === '') byId('tail-since').value = localMinute(new Date());
  }

  #setRunning(isRunning) {
    byId('tail-stop').disabled = !isRunning;
    byId('tail-pause').disabled = !isRunning;
    this.#pause(false);
  }

  /** While paused nothing more is asked for, so that nothing is missed either. */
  #pause(isPaused) {
    this.#isPaused = isPaused;
    byId('tail-pause').setAttribute('aria-pressed', String(isPaused));
    setText(byId('tail-pause'), isPaused ? 'Continue' : 'Pause');
    if (!byId('tail-pause').disabled && this.#subscription) this.#showCount();
  }

  #onRecords(records) {
    this.#count += records.length;
    this.#taken += records.length;
    this.#keep(records);
  }

  #onGap(gap) {
    if (gap.reason !== 'retention') this.#keep([{gap}]);
  }

  #keep(items) {
    this.#fresh = this.#fresh.concat(items.slice(-MAX_ROWS)).slice(-MAX_ROWS);
  }

  #show() {
    if (this.#isPaused || document.hidden) return;
    if (this.#taken > 0) this.#subscription?.grant(this.#taken);
    this.#taken = 0;
    if (this.#fresh.length === 0) return;
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
  if (error.code === 'unknown-channel') return `There is no channel ${channel}.`;
  return `${channel}: ${error.message} (${error.code})`;
}

/** As a field for local times writes it: `2026-01-31T12:00`. */
function localMinute(date) {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
