import assert from 'node:assert/strict';
import {describe, it} from 'node:test';

import {said} from '../../main/resources/public/page/chat.js';
import {History} from '../../main/resources/public/page/history.js';
import {valueOf} from '../../main/resources/public/page/publish.js';
import {words} from '../../main/resources/public/page/status.js';
import {start} from '../../main/resources/public/page/tail.js';
import {axisText, text} from '../../main/resources/public/page/units.js';

const measured = (timestamp, metric, value, unit = '') => ({timestamp, value: {metric, value, unit}});

describe('units', () => {
  for (const [value, unit, expected] of [
    [0, 'B', '0 B'], [1023, 'B', '1023 B'], [1023.6, 'B', '1.00 KiB'], [1536, 'B/s', '1.50 KiB/s'],
    [16_700_000_000, 'B', '15.6 GiB'], [9.94, '%', '9.9 %'], [59.6, '%', '60 %'], [12, '', '12'],
    [1.074, '', '1.07'], [999.7, '1/s', '1.00k /s'], [12_345, '1/s', '12.3k /s'], [NaN, '', '–'],
  ]) {
    it(`writes ${value} ${unit} as ${expected}`, () => assert.equal(text(value, unit), expected));
  }

  it('keeps axis labels short', () => {
    assert.deepEqual([0, 2 * 1024, 512, 2560, 20 * 1024].map((value) => axisText(value, 'B')),
      ['0', '2 KiB', '512 B', '2.5 KiB', '20 KiB']);
    assert.deepEqual([2000, 500, 2.5].map((value) => axisText(value, '1/s')), ['2k /s', '500 /s', '2.5 /s']);
  });
});

describe('history', () => {
  it('puts what was measured within half a second into one row', () => {
    const history = new History(60_000);
    history.add(measured(1_000, 'a', 1));
    history.add(measured(1_003, 'b', 2, '%'));
    history.add(measured(2_001, 'a', 3));
    assert.deepEqual(history.times, [1_000, 2_001]);
    assert.deepEqual(history.column('a'), [1, 3]);
    assert.deepEqual(history.column('b'), [2, null]);
    assert.equal(history.latest('b'), 2);
    assert.equal(history.unit('b'), '%');
  });

  it('forgets what is older than it keeps', () => {
    const history = new History(3_000);
    for (let second = 1; second <= 10; second++) history.add(measured(second * 1_000, 'a', second));
    assert.deepEqual(history.column('a'), [7, 8, 9, 10]);
    assert.equal(history.times.length, 4);
  });

  it('draws a pause as a hole', () => {
    const history = new History(60_000);
    history.add(measured(1_000, 'a', 1));
    history.add(measured(20_000, 'a', 2));
    assert.deepEqual(history.column('a'), [1, null, 2]);
  });

  it('starts again when the clock was set back', () => {
    const history = new History(60_000);
    history.add(measured(100_000, 'a', 1));
    history.add(measured(10_000, 'a', 2));
    assert.deepEqual(history.times, [10_000]);
    assert.deepEqual(history.column('a'), [2]);
  });

  it('passes over what is no measurement', () => {
    const history = new History(60_000);
    for (const value of [null, 'text', {}, {metric: 'a'}, {metric: 'a', value: '1'}, {metric: 1, value: 1}]) {
      history.add({timestamp: 1_000, value});
    }
    history.add({timestamp: null, value: {metric: 'a', value: 1}});
    assert.equal(history.times.length, 0);
  });
});

describe('table', () => {
  it('starts where the form says', () => {
    assert.equal(start('latest', ''), 'latest');
    assert.equal(start('earliest', '2026-01-31T12:00'), 'earliest');
    assert.deepEqual(start('recent', ''), {tail: 100});
    assert.deepEqual(start('since', '2026-01-31T12:00'), {timestamp: new Date(2026, 0, 31, 12)});
  });
});

describe('chat', () => {
  it('shows text as it is, and the text of an object that has one', () => {
    assert.deepEqual(['hello', {text: 'hi'}, {text: 5}, null, 7].map(said), ['hello', 'hi', '{"text":5}', 'null', '7']);
  });
});

describe('state of the connection', () => {
  it('has words for each', () => {
    assert.deepEqual(['connecting', 'open', 'draining', 'waiting'].map((state) => words(state)),
      ['Connecting…', 'Connected', 'Moving to another instance', 'Connecting…']);
    assert.equal(words('closed', 4403), 'Closed (4403)');
  });
});

describe('publish box', () => {
  it('sends the words as they stand, null as a tombstone, and says what they are', () => {
    for (const words of ['{"a":1}', '{"id":9007199254740993}', ' 1e400 ', '12', '"x"']) {
      assert.deepEqual(valueOf(words), {value: words, valueType: 'text', kind: 'JSON'});
    }
    assert.deepEqual(valueOf('null'), {value: null, kind: 'tombstone'});
    assert.deepEqual(valueOf('hello'), {value: 'hello', valueType: 'text', kind: 'text'});
    assert.deepEqual(valueOf(''), {value: '', valueType: 'text', kind: 'text'});
  });
});
