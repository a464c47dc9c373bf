// Lays out the packages as they are published: `node scripts/stage.mjs FOLDER ADDON NOTICES` writes FOLDER/voicecall and the
// package of this machine's platform with ADDON in it, and the licences of what that is made of.
//
// The main package names the platform packages as optional dependencies only here: in the work tree they would have to
// be on the registry before they could be locked.

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [folder, addon, notices] = process.argv.slice(2);
if (notices === undefined) {
  throw new Error('usage: node scripts/stage.mjs FOLDER ADDON NOTICES');
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const platforms = readdirSync(join(root, 'npm')).map((name) => platformOf(name));

stageMain(join(folder, 'voicecall'));
stagePlatform(platforms.find(isThisMachine));

function stageMain(target) {
  empty(target);
  const { devDependencies, scripts, ...published } = manifest;
  const optionalDependencies = Object.fromEntries(platforms.map(({ name }) => [name, manifest.version]));
  write(target, { ...published, optionalDependencies });
  cpSync(join(root, 'dist'), join(target, 'dist'), { recursive: true });
  cpSync(join(root, 'README.md'), join(target, 'README.md'));
  cpSync(join(root, '..', '..', 'LICENSE'), join(target, 'LICENSE'));
}

function stagePlatform(platform) {
  if (platform === undefined) throw new Error(`no package for ${process.platform}-${process.arch} in npm/`);
  const target = join(folder, platform.name);
  empty(target);
  write(target, platform);
  cpSync(addon, join(target, platform.main));
  cpSync(notices, join(target, 'THIRD-PARTY'));
}

function platformOf(name) {
  const platform = JSON.parse(readFileSync(join(root, 'npm', name, 'package.json'), 'utf8'));
  if (platform.version !== manifest.version) throw new Error(`npm/${name} has another version than package.json`);
  return platform;
}

/** The C library is the running Node's own: a machine may have the loaders of both. */
function isThisMachine({ os, cpu, libc }) {
  const { glibcVersionRuntime } = process.report.getReport().header;
  const sameLibc = libc === undefined || libc.includes(glibcVersionRuntime === undefined ? 'musl' : 'glibc');
  return os.includes(process.platform) && cpu.includes(process.arch) && sameLibc;
}

function empty(target) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
}

function write(target, published) {
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
}
