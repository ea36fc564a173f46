/** The measured part of the page: which numbers are tiles and which are lines, and where they come from. */

import {byId} from './elements.js';
import {History} from './history.js';
import {Plot} from './plot.js';
import {Tile} from './tile.js';
import {text} from './units.js';

const SPAN_MS = 120_000;
const KEEP_MS = SPAN_MS + 10_000;

/** Enough records to fill two minutes of each channel at once; what is older is cut by its time. */
const CHANNELS = {'demo.host': 3_000, 'demo.jvm': 1_200, 'demo.gateway': 1_800};

/** More lines than this cannot be told apart. */
const MAX_CORES = 6;

/** A channel that is not there may be made later. */
const ASK_AGAIN_MS = 5_000;

/** With these codes a channel is not there; with any other it only cannot be read now. */
const ABSENT = new Set(['unknown-channel', 'topic-deleted', 'forbidden']);

/** The plots move by less than a pixel at a time, unless less motion is wanted. */
const FRAME_MS = 250;
const CALM_FRAME_MS = 1_000;

const TILES = [
  {channel: 'demo.host', metric: 'cpu.total', label: 'Processor', top: 100, note: cores},
  {channel: 'demo.host', metric: 'load.1m', label: 'Load', note: (h) => `${number(h, 'load.5m')} in 5 min`},
  {channel: 'demo.host', metric: 'memory.used', label: 'Memory', of: 'memory.total'},
  {channel: 'demo.host', metric: 'disk.written', label: 'Disk writes', note: (h) => `${number(h, 'disk.read')} read`},
  {channel: 'demo.jvm', metric: 'heap.used', label: 'Heap', of: 'heap.committed'},
  {channel: 'demo.jvm', metric: 'threads', label: 'Threads', note: (h) => `${number(h, 'cpu.process')} processor`},
  {channel: 'demo.gateway', metric: 'connections', label: 'Connections',
    note: (h) => `${number(h, 'subscriptions')} subscriptions`},
  {channel: 'demo.gateway', metric: 'records.relayed', label: 'Records relayed', note: (h) => number(h, 'bytes.sent')},
];

const named = (...pairs) => () => pairs.map(([metric, label]) => ({metric, label}));

const PLOTS = [
  {channel: 'demo.host', name: 'processor', title: 'Processor', top: 100, lines: processorLines},
  {channel: 'demo.host', name: 'memory', title: 'Memory', lines: memoryLines},
  {channel: 'demo.host', name: 'network', title: 'Network',
    lines: named(['network.received', 'in'], ['network.sent', 'out'], ['network.loopback', 'loopback'])},
  {channel: 'demo.host', name: 'disk', title: 'Disk', lines: named(['disk.read', 'read'], ['disk.written', 'written'])},
  {channel: 'demo.jvm', name: 'heap', title: 'Java heap',
    lines: named(['heap.used', 'used'], ['heap.committed', 'committed'])},
  {channel: 'demo.jvm', name: 'collector', title: 'Garbage collection', lines: named(['gc.time', 'pause time'])},
  {channel: 'demo.gateway', name: 'records', title: 'Gateway records',
    lines: named(['records.relayed', 'relayed'], ['records.published', 'published'])},
  {channel: 'demo.gateway', name: 'bytes', title: 'Gateway bytes',
    lines: named(['bytes.sent', 'out'], ['bytes.received', 'in'])},
];

function number(history, metric) {
  return text(history.latest(metric) ?? NaN, history.unit(metric));
}

function coreMetrics(history) {
  return history.metrics.filter((metric) => /^cpu\.\d+$/.test(metric));
}

function cores(history) {
  const count = coreMetrics(history).length;
  return count === 1 ? '1 core' : `${count} cores`;
}

function processorLines(history) {
  const metrics = coreMetrics(history);
  if (metrics.length > MAX_CORES) return [{metric: 'cpu.total', label: 'all cores'}];
  return metrics.map((metric) => ({metric, label: metric.replace('cpu.', 'core ')}));
}

function memoryLines(history) {
  const used = {metric: 'memory.used', label: 'used'};
  return history.latest('swap.total') > 0 ? [used, {metric: 'swap.used', label: 'swap'}] : [used];
}

/** Fills the tiles and plots from the demo channels and keeps them moving. */
export class Demo {
  #histories = new Map(Object.keys(CHANNELS).map((channel) => [channel, new History(KEEP_MS)]));
  #tiles = TILES.map((what) => new Tile(what, this.#histories.get(what.channel)));
  #plots = PLOTS.map((what) => new Plot(what, this.#histories.get(what.channel), SPAN_MS));
  #missing = new Set();
  /** How far the measuring machine's clock is ahead of this one's. */ #clockAhead = -Infinity;
  #changed = false;

  /** @param {import('../sluice.js').Client} client */
  constructor(client) {
    this.client = client;
    byId('tiles').append(...this.#tiles.map((tile) => tile.node));
    byId('plots').append(...this.#plots.map((plot) => plot.node));
  }

  start() {
    for (const channel of Object.keys(CHANNELS)) this.#follow(channel);
    const calm = matchMedia('(prefers-reduced-motion: reduce)');
    const frame = () => {
      if (!document.hidden) this.#show();
      setTimeout(frame, calm.matches ? CALM_FRAME_MS : FRAME_MS);
    };
    frame();
  }

  redraw() {
    for (const plot of this.#plots) plot.redraw();
  }

  #follow(channel) {
    this.client.subscribe(channel, {
      from: {tail: CHANNELS[channel]},
      onRecords: (records) => this.#onRecords(channel, records),
      onGap: () => {}, // Older than the plots show, or seen as a hole in them.
      onSubscribed: () => this.#setMissing(channel, false),
      onEnded: (error) => {
        if (error.code === 'closed') return;
        this.#setMissing(channel, ABSENT.has(error.code));
        setTimeout(() => this.#follow(channel), ASK_AGAIN_MS);
      },
    });
  }

  #setMissing(channel, isMissing) {
    if (isMissing) this.#missing.add(channel);
    else this.#missing.delete(channel);
    const isAll = this.#missing.size === Object.keys(CHANNELS).length;
    byId('demo-missing').hidden = !isAll;
    byId('demo').hidden = isAll;
  }

  #onRecords(channel, records) {
    const oldest = (records.at(-1)?.timestamp ?? 0) - KEEP_MS;
    const history = this.#histories.get(channel);
    for (const record of records) {
      if (record.timestamp < oldest) continue;
      history.add(record);
      this.#clockAhead = Math.max(this.#clockAhead, record.timestamp - Date.now());
    }
    this.#changed = true;
  }

  #show() {
    if (this.#clockAhead === -Infinity) return;
    const now = Date.now() + this.#clockAhead;
    for (const plot of this.#plots) plot.update(now);
    if (!this.#changed) return;
    this.#changed = false;
    for (const tile of this.#tiles) tile.update();
  }
}
