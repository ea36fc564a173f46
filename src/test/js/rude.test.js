import {after, before, describe, it} from 'node:test';

import {lib, modulePath} from './world.js';
import {play, scenarios} from './rude/scenarios.js';
import {RudeGateway} from './rude/server.js';

describe('a gateway that misbehaves', () => {
  const gateway = new RudeGateway(modulePath);
  let base;
  before(async () => (base = await gateway.start()));
  after(() => gateway.stop());

  for (const name of Object.keys(scenarios)) {
    it(name, async () => {
      await play(name, base, lib, 1);
      if (gateway.failures.length > 0) throw gateway.failures.shift();
    });
  }
});
