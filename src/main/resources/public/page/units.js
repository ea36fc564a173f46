/** Numbers as people read them. */

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const DECIMAL = ['', 'k', 'M', 'G', 'T'];

/**
 * Three digits and the unit that suits the size.
 *
 * @param {number} value
 * @param {string} unit `B`, `B/s`, `%`, `1/s`, `ms/s`, or nothing
 * @returns {{number: string, unit: string}}
 */
export function readable(value, unit) {
  if (!Number.isFinite(value)) return {number: '–', unit: ''};
  if (unit === 'B' || unit === 'B/s') {
    const {scaled, step} = scale(value, 1024, BINARY.length);
    return {number: digits(scaled, step === 0), unit: BINARY[step] + unit.slice(1)};
  }
  if (unit === '%') return {number: value.toFixed(value < 10 ? 1 : 0), unit};
  const {scaled, step} = scale(value, 1000, DECIMAL.length);
  return {number: digits(scaled, step === 0 && Number.isInteger(value)) + DECIMAL[step], unit: spoken(unit)};
}

/** The same in one string. */
export function text(value, unit) {
  const parts = readable(value, unit);
  return parts.unit ? `${parts.number} ${parts.unit}` : parts.number;
}

/** As short as an axis can have it: `2 MiB/s`, not `2.00 MiB/s`. */
export function axisText(value, unit) {
  if (value === 0) return '0';
  return text(value, unit).replace(/^(-?\d+)\.0+(?!\d)/, '$1').replace(/^(-?\d+\.\d*[1-9])0+(?!\d)/, '$1');
}

function scale(value, base, steps) {
  let scaled = value;
  let step = 0;
  // 999.5 would be written as a thousand.
  while (Math.abs(scaled) >= base - 0.5 && step < steps - 1) {
    scaled /= base;
    step++;
  }
  return {scaled, step};
}

function digits(value, isWhole) {
  if (isWhole) return String(Math.round(value));
  const size = Math.abs(value);
  return value.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0);
}

function spoken(unit) {
  return unit === '1/s' ? '/s' : unit;
}

/** Steps of a y axis that fall on round numbers of the unit. */
export function axisSteps(unit) {
  const steps = [];
  if (unit === 'B' || unit === 'B/s') {
    for (let step = 0; step < BINARY.length; step++) {
      for (const factor of [1, 2, 5, 10, 20, 50, 100, 200, 256, 512]) steps.push(factor * 1024 ** step);
    }
  } else {
    for (let power = -2; power < 12; power++) for (const factor of [1, 2, 2.5, 5]) steps.push(factor * 10 ** power);
  }
  return steps;
}

/** `14:03:27`, in the reader's zone, always 24 hours so that columns line up. */
export function clockTime(timestamp) {
  if (!Number.isFinite(timestamp)) return '–';
  return new Date(timestamp).toLocaleTimeString('en-GB');
}
