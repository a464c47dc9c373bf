// What the package takes on the disk, and how long a bare Node takes to load it.

import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { tell } from './measure.mjs';

const ROUNDS = 40;
const require = createRequire(import.meta.url);
const folders = ['voicecall', 'voicecall-linux-x64-gnu'].map((name) =>
  dirname(require.resolve(`${name}/package.json`)),
);

function bytes(folder) {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, file) => sum + statSync(join(file.parentPath ?? file.path, file.name)).size, 0);
}

/** Milliseconds that loading takes in a Node that has loaded nothing else. */
function loaded() {
  const script = "const begun = performance.now(); require('voicecall'); console.log(performance.now() - begun)";
  return Number(execFileSync(process.execPath, ['-e', script], { cwd: import.meta.dirname, encoding: 'utf8' }));
}

tell('size', folders.map(bytes).reduce((sum, one) => sum + one) / 1e6, 'MB');

tell('require', Math.min(...Array.from({ length: ROUNDS }, loaded)), 'ms');
