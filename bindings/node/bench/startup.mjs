// What the package takes on the disk, and what loading it adds to a bare Node.

import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { tell } from './measure.mjs';

const ROUNDS = 21;
const require = createRequire(import.meta.url);
const folders = ['voicecall', 'voicecall-linux-x64-gnu'].map((name) =>
  dirname(require.resolve(`${name}/package.json`)),
);

function bytes(folder) {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, file) => sum + statSync(join(file.parentPath ?? file.path, file.name)).size, 0);
}

/** Milliseconds from the start of Node to the end of the script. */
function started(script) {
  const begun = performance.now();
  execFileSync(process.execPath, ['-e', script], { cwd: import.meta.dirname, stdio: 'ignore' });
  return performance.now() - begun;
}

tell('size', folders.map(bytes).reduce((sum, one) => sum + one) / 1e6, 'MB');

const scripts = ['', "require('voicecall')"];
const best = [Infinity, Infinity];
for (let round = 0; round < ROUNDS; round += 1) {
  scripts.forEach((script, index) => (best[index] = Math.min(best[index], started(script))));
}
tell('require', best[1] - best[0], 'ms');
