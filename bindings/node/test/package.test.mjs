// What users install: both module systems get the same objects, every entry point loads, and the addon asks for little.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const manifest = require('voicecall/package.json');
const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json');
const names = entries.map((entry) => join('voicecall', entry).replaceAll('\\', '/'));

test('import and require give the same objects under the same names', async () => {
  assert.ok(names.length >= 6);
  for (const name of names) {
    const required = require(name);
    const { default: _, 'module.exports': __, __esModule: ___, ...imported } = await import(name);
    assert.deepEqual(Object.keys(imported).sort(), Object.keys(required).sort(), name);
    for (const [key, value] of Object.entries(imported)) assert.equal(value, required[key], `${name}: ${key}`);
  }
});

test('every condition has its own types, and every file of the exports is there', () => {
  const folder = dirname(require.resolve('voicecall/package.json'));
  for (const entry of entries) {
    for (const condition of ['import', 'require']) {
      const { types, default: file } = manifest.exports[entry][condition];
      assert.ok(statSync(join(folder, types)).isFile() && statSync(join(folder, file)).isFile());
    }
  }
});

test('main package and addon have one version, and every platform is an optional dependency', () => {
  const { version } = require('voicecall-linux-x64-gnu/package.json');
  assert.equal(version, manifest.version);
  const platforms = Object.entries(manifest.optionalDependencies);
  assert.ok(platforms.length >= 7);
  for (const [name, wanted] of platforms)
    assert.deepEqual([wanted, name.startsWith('voicecall-')], [version, true], name);
});

test('an addon that is missing, or of another version, is told with what helps', () => {
  const run = (script) =>
    execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', cwd: import.meta.dirname ?? '.' });
  const missing = `
    const Module = require('node:module');
    const resolve = Module._resolveFilename;
    Module._resolveFilename = (name, ...more) => {
      if (/^voicecall-/.test(name)) throw Object.assign(new Error('Cannot find module ' + name), { code: 'MODULE_NOT_FOUND' });
      return resolve(name, ...more);
    };
    try { require('voicecall'); } catch (error) { console.log(error.message); }`;
  assert.match(
    run(missing),
    /addon of voicecall for linux-x64 cannot be loaded; was it installed with --omit=optional\?/,
  );
  const other = `
    require('voicecall-linux-x64-gnu').version = () => '9.9.9';
    try { require('voicecall'); } catch (error) { console.log(error.cause.errors?.[0].message ?? error.cause.message); }`;
  assert.match(run(other), /voicecall-linux-x64-gnu has version 9\.9\.9, but voicecall .* needs the same/);
});

test('the addon needs nothing but the C library, and no OpenSSL', () => {
  const addon = require.resolve('voicecall-linux-x64-gnu');
  const needed = execFileSync('ldd', [addon], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(' ')[0])
    .filter(Boolean);
  const allowed =
    /^(linux-vdso\.so\.1|libgcc_s\.so\.1|libc\.so\.6|libm\.so\.6|libpthread\.so\.0|libdl\.so\.2|.*ld-linux-x86-64\.so\.2)$/;
  assert.deepEqual(
    needed.filter((library) => !allowed.test(library)),
    [],
  );
});

test('loading starts no thread, opens nothing, and prints nothing', () => {
  const script = `
    const threads = () => require('node:fs').readdirSync('/proc/self/task').length;
    const before = threads();
    for (const name of ${JSON.stringify(names)}) require(name);
    console.log(threads() - before, process.getActiveResourcesInfo().filter((r) => !/Pipe|TTY/.test(r)).length);`;
  const cwd = dirname(require.resolve('voicecall/package.json'));
  assert.equal(
    execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', cwd, stdio: ['ignore', 'pipe', 'inherit'] }),
    '0 0\n',
  );
});

test('the kind of an error survives a minifier: it is no name of a class', () => {
  const source = readFileSync(require.resolve('voicecall').replace('index.js', 'shared.js'), 'utf8');
  assert.match(source, /name = 'VoiceCallError'/);
});
