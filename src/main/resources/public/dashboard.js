/** The dashboard: one client for what the page shows, another for the table that follows any topic. */

import {offerChannels} from './page/channels.js';
import {startChat} from './page/chat.js';
import {Demo} from './page/demo.js';
import {byId, setText} from './page/elements.js';
import {readPalette} from './page/palette.js';
import {startPublish} from './page/publish.js';
import {startStatus} from './page/status.js';
import {Tail} from './page/tail.js';
import {connect} from './sluice.js';

const ENDPOINT = '/v1/ws';

readPalette();
const client = connect(ENDPOINT);
startStatus(client);
offerChannels(client);
const demo = new Demo(client);
demo.start();
startPublish(client);
startChat(client);
new Tail(() => connect(ENDPOINT)).offer(byId('tail-channel').value);
setText(byId('endpoint'), new URL(ENDPOINT, location.href).href.replace(/^http/, 'ws'));

const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
const isDark = () => (document.documentElement.dataset.theme ?? (systemIsDark.matches ? 'dark' : 'light')) === 'dark';

function onThemeChanged() {
  byId('theme-toggle').setAttribute('aria-label', `Switch to ${isDark() ? 'light' : 'dark'} colours`);
  readPalette();
  demo.redraw();
}

byId('theme-toggle').addEventListener('click', () => {
  const theme = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem('sluice-theme', theme);
  } catch {
    // Storage is forbidden here: the choice lasts as long as the page.
  }
  onThemeChanged();
});
systemIsDark.addEventListener('change', onThemeChanged);
onThemeChanged();
