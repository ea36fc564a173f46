/** Lines of several metrics over the last two minutes, moving with the time. */

import uPlot from '../vendor/uplot/uPlot.esm.js';
import {element, setText} from './elements.js';
import {colour, seriesColour, seriesName} from './palette.js';
import {axisSteps, axisText, clockTime, text} from './units.js';

/** Half of a time label: one whose middle is nearer to the edge than this would be cut. */
const HALF_LABEL = 28;
const FONT = '11px system-ui, sans-serif';

export class Plot {
  #chart;
  #canvas = element('div', {class: 'plot-canvas'});
  #legend = element('ul', {class: 'legend'});
  #values = [];
  #lines = [];
  #shownTimes = -1;
  #cursorRow = null;

  /**
   * @param {{name: string, title: string, lines: (history: any) => {metric: string, label: string}[],
   *     top?: number}} what `top`: the fixed upper end of the y axis
   * @param {import('./history.js').History} history
   * @param {number} spanMs what the time axis shows
   */
  constructor(what, history, spanMs) {
    this.what = what;
    this.history = history;
    this.spanMs = spanMs;
    this.#canvas.setAttribute('role', 'img');
    this.#canvas.setAttribute('aria-label', `${what.title}: nothing measured yet`);
    this.node = element('figure', {class: 'card plot', 'data-testid': `plot-${what.name}`},
      element('figcaption', {class: 'plot-head'},
        element('h3', {}, what.title), this.#legend),
      this.#canvas);
    new ResizeObserver(() => this.#chart?.setSize(this.#size())).observe(this.#canvas);
  }

  /** Shows the time up to `now` (milliseconds of the measuring machine's clock). */
  update(now) {
    const {times} = this.history;
    const lines = this.what.lines(this.history).filter(({metric}) => this.history.metrics.includes(metric));
    if (lines.length === 0 || times.length === 0) return;
    if (!this.#chart || lines.map(({metric}) => metric).join() !== this.#lines.map(({metric}) => metric).join()) {
      this.#build(lines);
    }
    const newest = times.at(-1);
    if (newest !== this.#shownTimes) {
      this.#shownTimes = newest;
      const columns = lines.map(({metric}) => this.history.column(metric).slice());
      this.#chart.setData([times.map((time) => time / 1000), ...columns], false);
      this.#showValues();
      this.node.dataset.updated = String(newest);
    }
    this.#chart.setScale('x', {min: (now - this.spanMs) / 1000, max: now / 1000});
  }

  /** After the colours changed. */
  redraw() {
    this.#chart?.redraw(false, true);
  }

  #size() {
    return {width: Math.max(120, this.#canvas.clientWidth), height: Math.max(80, this.#canvas.clientHeight)};
  }

  #build(lines) {
    this.#chart?.destroy();
    this.#lines = lines;
    this.#values = lines.map(() => element('span', {class: 'legend-value'}));
    this.#legend.replaceChildren(...lines.map(({label}, i) => element('li', {},
      element('span', {class: `swatch ${seriesName(i)}`, 'aria-hidden': 'true'}),
      element('span', {class: 'legend-label'}, label), this.#values[i])));
    const unit = this.history.unit(lines[0].metric);
    const axis = {
      stroke: () => colour('muted'), font: FONT,
      grid: {stroke: () => colour('grid'), width: 1}, ticks: {show: false}};
    const top = this.what.top;
    this.#chart = new uPlot({
      ...this.#size(),
      padding: [8, 4, 0, 0],
      legend: {show: false},
      cursor: {y: false, points: {size: 7}, drag: {x: false, y: false}, sync: {key: 'sluice'}},
      scales: {
        x: {time: true},
        y: {range: (_, min, max) => (top ? [0, top] : [0, max > 0 ? max * 1.15 : 1])},
      },
      axes: [
        {...axis, size: 28, space: 70, values: timeLabels},
        {...axis, size: 62, space: 36, incrs: axisSteps(unit),
          values: (_, splits) => splits.map((value) => axisText(value, unit))},
      ],
      series: [{}, ...lines.map(({metric}, i) => ({
        stroke: () => seriesColour(i), width: 1.75, points: {show: false},
        ...(lines.length === 1 ? {fill: () => `${seriesColour(0)}22`} : {}), metric}))],
      hooks: {setCursor: [(chart) => this.#onCursor(chart.cursor.idx)]},
    }, [[], ...lines.map(() => [])], this.#canvas);
  }

  #onCursor(row) {
    const next = row ?? null;
    if (next === this.#cursorRow) return;
    this.#cursorRow = next;
    this.#showValues();
  }

  /** In the legend: the numbers under the pointer, else the newest. */
  #showValues() {
    const told = this.#lines.map(({metric, label}, i) => {
      const atCursor = this.#cursorRow === null ? undefined : this.history.column(metric)[this.#cursorRow];
      const shown = text(atCursor ?? this.history.latest(metric) ?? NaN, this.history.unit(metric));
      setText(this.#values[i], shown);
      return `${label} ${shown}`;
    });
    this.#canvas.setAttribute('aria-label', `${this.what.title}, last two minutes. Now: ${told.join(', ')}`);
  }
}

function timeLabels(chart, seconds) {
  const edge = chart.bbox.width / devicePixelRatio - HALF_LABEL;
  return seconds.map((second) => (chart.valToPos(second, 'x') > edge ? '' : clockTime(second * 1000)));
}
