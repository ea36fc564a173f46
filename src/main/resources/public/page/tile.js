/** A big number with a spark line. */

import {element, setText} from './elements.js';
import {readable, text} from './units.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 100;
const HEIGHT = 28;

export class Tile {
  #number = element('span', {class: 'tile-number'}, '–');
  #unit = element('span', {class: 'tile-unit'});
  #note = element('p', {class: 'tile-note'}, '\u00a0');
  #line = document.createElementNS(SVG, 'path');
  #area = document.createElementNS(SVG, 'path');

  /**
   * @param {{label: string, metric: string, of?: string, top?: number, note?: (history: any) => string}} what
   *     `of`: the metric that is the whole; `top`: the value at the upper edge of the spark line
   * @param {import('./history.js').History} history
   */
  constructor(what, history) {
    this.what = what;
    this.history = history;
    const spark = document.createElementNS(SVG, 'svg');
    spark.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
    spark.setAttribute('preserveAspectRatio', 'none');
    spark.setAttribute('aria-hidden', 'true');
    spark.setAttribute('class', 'spark');
    this.#area.setAttribute('class', 'spark-area');
    this.#line.setAttribute('class', 'spark-line');
    spark.append(this.#area, this.#line);
    this.node = element('article', {class: 'tile', 'data-testid': `tile-${what.metric}`},
      element('h3', {class: 'tile-label'}, what.label),
      element('p', {class: 'tile-value'}, this.#number, this.#unit),
      this.#note, spark);
  }

  update() {
    const {metric, of} = this.what;
    const value = this.history.latest(metric);
    if (value === undefined) return;
    const shown = readable(value, this.history.unit(metric));
    setText(this.#number, shown.number);
    setText(this.#unit, shown.unit);
    const whole = of ? this.history.latest(of) : undefined;
    if (whole) setText(this.#note, `of ${text(whole, this.history.unit(of))}`);
    else if (this.what.note) setText(this.#note, this.what.note(this.history));
    this.#draw(this.history.column(metric), whole ?? this.what.top);
  }

  #draw(column, top) {
    const {times} = this.history;
    const end = times.at(-1) ?? 0;
    const numbers = column.filter((number) => number !== null);
    const highest = top ?? Math.max(...numbers) * 1.15;
    const scale = highest > 0 ? (HEIGHT - 3) / highest : 0;
    const points = [];
    for (let i = 0; i < column.length; i++) {
      if (column[i] === null) continue;
      const x = WIDTH - ((end - times[i]) / this.history.keepMs) * WIDTH;
      points.push(`${x.toFixed(1)},${(HEIGHT - 1.5 - column[i] * scale).toFixed(1)}`);
    }
    if (points.length < 2) return;
    this.#line.setAttribute('d', `M${points.join('L')}`);
    const [firstX] = points[0].split(',');
    this.#area.setAttribute('d', `M${points.join('L')}V${HEIGHT}H${firstX}Z`);
  }
}
