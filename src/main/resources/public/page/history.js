/** A channel's measurements of the last while, as columns that a plot can draw. */

/** Measurements of one moment are written a few milliseconds apart. */
const SAME_MOMENT_MS = 500;

/** A pause this long is drawn as a hole, not as a line. */
const HOLE_MS = 5_000;

export class History {
  /** Milliseconds, growing. @type {number[]} */ times = [];
  /** A column per metric, as long as `times`; null where it was not measured. */
  #columns = new Map();
  #units = new Map();

  /** @param {number} keepMs how far back */
  constructor(keepMs) {
    this.keepMs = keepMs;
  }

  /** Takes a record of a demo channel; anything else that was published there is passed over. */
  add({timestamp, value}) {
    const metric = value?.metric;
    const number = value?.value;
    if (typeof metric !== 'string' || !Number.isFinite(number) || !Number.isFinite(timestamp)) return;
    const row = this.#rowAt(timestamp);
    let column = this.#columns.get(metric);
    if (!column) this.#columns.set(metric, (column = new Array(this.times.length).fill(null)));
    column[row] = number;
    this.#units.set(metric, typeof value.unit === 'string' ? value.unit : '');
  }

  #rowAt(timestamp) {
    const last = this.times.at(-1) ?? -Infinity;
    if (timestamp < last - HOLE_MS) this.clear(); // The machine's clock was set back.
    else if (timestamp - last < SAME_MOMENT_MS) return this.times.length - 1;
    else if (timestamp - last > HOLE_MS && last > 0) this.#push(last + 1);
    return this.#push(timestamp);
  }

  #push(timestamp) {
    this.times.push(timestamp);
    for (const column of this.#columns.values()) column.push(null);
    const old = this.times.findIndex((time) => time >= timestamp - this.keepMs);
    if (old > 0) {
      this.times.splice(0, old);
      for (const column of this.#columns.values()) column.splice(0, old);
    }
    return this.times.length - 1;
  }

  clear() {
    this.times.length = 0;
    for (const column of this.#columns.values()) column.length = 0;
  }

  get metrics() {
    return [...this.#columns.keys()];
  }

  column(metric) {
    return this.#columns.get(metric) ?? new Array(this.times.length).fill(null);
  }

  unit(metric) {
    return this.#units.get(metric) ?? '';
  }

  /** The newest number of a metric, or undefined. */
  latest(metric) {
    return this.#columns.get(metric)?.findLast((number) => number !== null);
  }
}
