import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, it} from 'node:test';
import {fileURLToPath, pathToFileURL} from 'node:url';

import * as lib from '../../main/javascript/index.js';
import {modulePath} from './world.js';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const FOLDER = at('../../main/javascript');
const read = (path) => readFileSync(at(path), 'utf8');
const described = JSON.parse(read('../../main/javascript/package.json'));

/** The program, if it is on this machine. */
function found(...names) {
  return names.find((name) => {
    try {
      execFileSync(name, ['--version'], {stdio: 'ignore'});
      return true;
    } catch {
      return false;
    }
  });
}

const npm = found('npm');
const tsc = found(process.env.TSC ?? 'tsc');

/** Without what a test needs it is left out, and says so; in CI nobody would look, so that it runs there and fails. */
const skip = (isThere, otherwise) => !isThere && process.env.CI !== 'true' && otherwise;

describe('package', () => {
  it('has the version and the licence of the gateway', () => {
    assert.equal(described.version, /<artifactId>sluice<\/artifactId>\s*<version>([^<]+)</.exec(read('../../../pom.xml'))[1]);
    assert.equal(read('../../main/javascript/LICENSE'), read('../../../LICENSE'));
  });

  it('has whatever it says it has', () => {
    const {types, default: main} = described.exports['.'];
    assert.deepEqual([types, main], [described.types, described.main]);
    for (const file of [types, main]) assert.ok(existsSync(join(FOLDER, file)), file);
    assert.equal(described.dependencies, undefined);
  });

  it('packs into something that can be imported, with types', {skip: skip(npm, 'npm is not installed')}, async () => {
    assert.ok(npm, 'npm is not installed');
    const folder = mkdtempSync(join(tmpdir(), 'sluice-pack-'));
    try {
      const planned = JSON.parse(execFileSync(npm, ['pack', '--dry-run', '--json', '--offline'], {cwd: FOLDER, stdio: ['ignore', 'pipe', 'ignore']}));
      const names = planned[0].files.map(({path}) => path);
      for (const name of ['package.json', 'README.md', 'LICENSE', 'index.js', 'index.d.ts', 'client.js']) {
        assert.ok(names.includes(name), `${name} is packed`);
      }
      execFileSync(npm, ['pack', '--offline', '--pack-destination', folder], {cwd: FOLDER, stdio: 'ignore'});
      execFileSync('tar', ['-xzf', join(folder, planned[0].filename), '-C', folder]);
      const packed = await import(pathToFileURL(join(folder, 'package', described.main)).href);
      assert.deepEqual(Object.keys(packed), Object.keys(lib));
    } finally {
      rmSync(folder, {recursive: true});
    }
  });
});

describe('types', () => {
  const declarations = read('../../main/javascript/index.d.ts');

  it('declare what is exported, and nothing else', () => {
    const declared = [...declarations.matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name);
    assert.deepEqual(declared.sort(), Object.keys(lib).sort());
  });

  it('declare members that are there', () => {
    for (const name of ['Client', 'Subscription', 'PartialPublishError']) {
      const [, body] = new RegExp(`^export class ${name} [^{]*\\{\\n(.*?)^\\}`, 'ms').exec(declarations);
      const members = [...body.matchAll(/^ {2}(?:readonly )?(\w+)[(<:?]/gm)].map(([, member]) => member);
      assert.ok(members.length > 0);
      for (const member of members) {
        if (name === 'Subscription' && member === 'ready') continue; // of each object
        assert.ok(member in lib[name].prototype, `${name}.${member}`);
      }
    }
  });

  it('and code are what the compiler says they are', {skip: skip(tsc, 'tsc is not installed (or named by TSC)')}, () => {
    assert.ok(tsc, 'tsc is not installed (or named by TSC)');
    try {
      execFileSync(tsc, ['-p', at('types')], {stdio: 'pipe'});
    } catch (failure) {
      assert.fail(String(failure.stdout ?? failure));
    }
  });
});

describe('one file', () => {
  it('exports what the modules export, and imports nothing', {skip: process.env.SLUICE_CLIENT ? false : 'made by the build'}, async () => {
    const one = await import(pathToFileURL(modulePath).href);
    assert.deepEqual(Object.keys(one), Object.keys(lib));
    assert.doesNotMatch(readFileSync(modulePath, 'utf8'), /^\s*import[ {(]|from '\.\//m);
    assert.equal(readFileSync(modulePath.replace(/\.js$/, '.d.ts'), 'utf8'), read('../../main/javascript/index.d.ts'));
  });
});
