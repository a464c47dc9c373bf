// Reads the language-neutral cases and checks their envelope first.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env.VOICECALL_VECTORS;
const read = new Map();
const ids = new Set();

/** The counts that the folder's README promises, by file. */
const promised = new Map(
  [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/^\| `(\w+)\.json` \| `(\w+)` \| (\d+) \|/gm)].map(
    ([, file, kind, count]) => [file, { kind, count: Number(count) }],
  ),
);

/** The cases of a file. */
export function casesOf(file) {
  if (!read.has(file)) read.set(file, checked(file));
  return read.get(file);
}

/** As many as promised, each with its envelope. */
function checked(file) {
  const cases = JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8'));
  const { kind, count } = promised.get(file);
  assert.equal(cases.length, count, `${file} has as many cases as the README says`);
  for (const vector of cases) {
    assert.deepEqual(Object.keys(vector), ['id', 'kind', 'contract', 'given', 'expected']);
    assert.equal(vector.kind, kind, vector.id);
    assert.ok(!ids.has(vector.id), `${vector.id} is there once`);
    ids.add(vector.id);
  }
  return cases;
}

/** Runs every case and reports all that fail. */
export function runAll(file, run) {
  const cases = casesOf(file);
  const failures = [];
  for (const vector of cases) {
    try {
      run(vector);
    } catch (error) {
      failures.push(`${vector.id}: ${error.message}`);
    }
  }
  assert.equal(failures.length, 0, `${failures.length} of ${cases.length} fail:\n${failures.join('\n')}`);
}

/** The bytes of a case: text, Base64, or a repetition for large ones. */
export function bodyOf({ body, body_base64: encoded, body_repeat: repeated }) {
  if (body !== undefined) return Buffer.from(body);
  if (encoded !== undefined) return Buffer.from(encoded, 'base64');
  return Buffer.from(repeated.prefix + repeated.repeat.repeat(repeated.count) + repeated.suffix);
}

/** Compares the attributes that a case names; null: there is none. */
export function assertError(error, expected) {
  assert.equal(error?.name, 'VoiceCallError', error?.stack);
  for (const [name, value] of Object.entries(expected)) {
    const property = name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
    assert.deepEqual(error[property] ?? null, value, `${name} of ${error.message}`);
  }
}

/** null is the same as absent. */
export function withoutNulls(value) {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}
