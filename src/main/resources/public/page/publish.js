/** The publish box. */

import {byId, element, setText} from './elements.js';

/**
 * What a text means as a record's value. It is sent as it stands, JSON too: parsed and written anew, a number beyond 2^53
 * would be another one. Whoever reads the record takes for JSON what is JSON.
 */
export function valueOf(words) {
  try {
    if (JSON.parse(words) === null) return {value: null, kind: 'tombstone'};
    return {value: words, valueType: 'text', kind: 'JSON'};
  } catch {
    return {value: words, valueType: 'text', kind: 'text'};
  }
}

/** @param {import('../sluice.js').Client} client */
export function startPublish(client) {
  const form = byId('publish-form');
  const value = byId('publish-value');
  const send = byId('publish-send');

  const showKind = () => setText(byId('publish-kind'), value.value === '' ? '' : `sent as ${valueOf(value.value).kind}`);
  value.addEventListener('input', showKind);
  value.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const {kind, ...body} = valueOf(value.value);
    const key = byId('publish-key').value;
    const channel = byId('publish-channel').value.trim();
    const start = performance.now();
    send.disabled = true;
    show('sending', 'Sending…');
    try {
      const {topic, partition, offset} = await client.publish(channel, {key: key === '' ? null : key, ...body});
      const ms = Math.max(1, Math.round(performance.now() - start));
      show('stored', element('b', {}, 'Stored'), ` in ${topic}, partition `, element('b', {}, String(partition)),
        ', offset ', element('b', {}, String(offset)), ` · ${ms} ms`);
      value.value = '';
      showKind();
    } catch (error) {
      show('failed', element('b', {}, 'Not stored'), `: ${error.message} (${error.code ?? error.name})`);
      if (error.code === 'outcome-unknown' || error.code === 'timeout') {
        show('failed', element('b', {}, 'Outcome unknown'), `: ${error.message}`);
      }
    } finally {
      send.disabled = false;
    }
  });
}

function show(state, ...content) {
  const result = byId('publish-result');
  result.dataset.state = state;
  result.replaceChildren(...content);
}
