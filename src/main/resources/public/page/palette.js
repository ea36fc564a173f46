/** The style sheet's colours, for the canvas, which cannot read them itself. */

const names = ['series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6', 'muted', 'grid'];
let colours = new Map();

export function readPalette() {
  const style = getComputedStyle(document.documentElement);
  colours = new Map(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** @param {string} name without the dashes */
export function colour(name) {
  return colours.get(name) ?? '#888';
}

/** The colour of the n-th line of a plot; after six they come again. */
export function seriesColour(index) {
  return colour(seriesName(index));
}

export function seriesName(index) {
  return `series-${(index % 6) + 1}`;
}
