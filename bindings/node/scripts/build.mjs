// Builds `dist`: `node scripts/build.mjs`. Types are one file for each source, code is one file beside the entry points: Node
// looks for and compiles every file that is loaded, and `require('voicecall')` with two files takes half the time of twenty.
//
// Only CommonJS has code; the ES modules hand on the same objects, so that `instanceof` holds between the two.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { rollup } from 'rollup';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const modules = mkdtempSync(join(tmpdir(), 'voicecall-build-'));

try {
  rmSync(dist, { recursive: true, force: true });
  compile('--emitDeclarationOnly');
  // What rollup can read: ES modules, whatever the package's own type is.
  compile('--declaration', 'false', '--module', 'esnext', '--moduleResolution', 'bundler', '--outDir', modules);
  await bundle(entries());
} finally {
  rmSync(modules, { recursive: true });
}

function compile(...more) {
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  execFileSync(tsc, ['--project', join(root, 'tsconfig.json'), ...more], { stdio: 'inherit' });
}

/** The names of the files that `exports` names, without their endings. */
function entries() {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const conditions = Object.values(manifest.exports).filter((entry) => typeof entry === 'object');
  return conditions.map((entry) => entry.require.default.slice('./dist/'.length, -'.js'.length));
}

async function bundle(names) {
  const inputs = new Map(names.map((name) => [join(modules, `${name}.js`), name]));
  const commonJs = await rollup({ input: inputOf(inputs), external: /^node:/, onwarn: fail });
  await commonJs.write({
    dir: dist,
    format: 'cjs',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    // What only tests need stays with them: it loads parts of Node that others do not.
    manualChunks: (file) => (inputs.has(file) || file.startsWith(join(modules, 'testing')) ? undefined : 'shared'),
    hoistTransitiveImports: false,
  });
  const wrappers = new Map(names.map((name) => [join(modules, `${name}.mjs`), name]));
  const esModules = await rollup({ input: inputOf(wrappers), external: /^\./, onwarn: fail });
  await esModules.write({ dir: dist, format: 'es', entryFileNames: '[name].mjs' });
}

function inputOf(files) {
  return Object.fromEntries([...files].map(([file, name]) => [name, file]));
}

function fail(warning) {
  throw new Error(warning.message);
}
