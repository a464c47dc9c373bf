// Every snippet of the README runs, against the local platform; so does that of the project's README.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Sandbox, signPush } from 'voicecall/testing';

const snippetsOf = (file) => {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  return [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);
};
const own = snippetsOf('../README.md');
const snippets = [...own, ...snippetsOf('../README-project.md')];
const folder = new URL('./readme/', import.meta.url);

/** @type {Sandbox} */
let sandbox;
before(async () => {
  mkdirSync(folder, { recursive: true });
  sandbox = await Sandbox.start({ speed: 60 });
});
after(() => sandbox.stop());

/** Starts a snippet, with what stands for a reader's own values replaced. */
function start(index, replaced = {}) {
  let code = snippets[index];
  for (const [from, to] of Object.entries(replaced)) {
    assert.ok(code.includes(from), `${from} is in the snippet`);
    code = code.replaceAll(from, to);
  }
  const file = new URL(`snippet-${index}.mjs`, folder);
  writeFileSync(file, code);
  const env = {
    ...process.env,
    VOICECALL_APP_KEY: sandbox.appKey,
    VOICECALL_APP_SECRET: sandbox.appSecret,
    VOICECALL_ENDPOINT: sandbox.endpoint,
  };
  const child = spawn(process.execPath, [fileURLToPath(file)], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  child.output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (child.output += piece));
  return child;
}

const displayNumber = () => ({ "'+867550000088'": `'${sandbox.displayNumbers[0]}'` });

test('there are as many snippets as tests of them', () => {
  assert.deepEqual([own.length, snippets.length], [4, 5]);
});

test('the first call', async () => {
  const child = start(0, { ...displayNumber(), "'alert'": "'sandbox_alarm'" });
  assert.deepEqual(await once(child, 'close'), [0, null], child.output);
  assert.match(child.output, /^calling: .+\n$/);
});

test('webhooks', async (t) => {
  const listen = { 'server.listen(8080)': "server.listen(0, '127.0.0.1', () => console.log(server.address().port))" };
  const child = start(1, listen);
  t.after(() => child.kill());
  await once(child.stdout, 'data');
  const url = `http://127.0.0.1:${parseInt(child.output, 10)}`;
  const headers = signPush({
    appKey: 'your app key',
    appSecret: 'your app secret',
    url: 'https://example.com/voice/fee',
  });
  const body = '{"eventType":"disconnect","statusInfo":{"sessionId":"session-1","stateCode":0}}';
  assert.equal((await fetch(url, { method: 'POST', headers, body })).status, 200);
  if (!child.output.includes('session-1')) await once(child.stdout, 'data');
  assert.match(child.output, /session-1/);
});

test('never lose a CDR', async (t) => {
  const store = fileURLToPath(new URL('calls.db', folder));
  rmSync(store, { force: true });
  const child = start(2, {
    "'sqlite:calls.db'": `'sqlite:${store}'`,
    '.listen(8080)': ".listen(0, '127.0.0.1', function () { console.log(this.address().port); })",
  });
  t.after(() => child.kill());
  await once(child.stdout, 'data');
  const url = `http://127.0.0.1:${parseInt(child.output, 10)}`;
  const headers = signPush({
    appKey: 'your app key',
    appSecret: 'your app secret',
    url: 'https://example.com/voice/fee',
  });
  const body =
    '{"eventType":"fee","feeLst":[{"sessionId":"session-1","calleeNum":"+8613800000021",' +
    '"callOutAnswerTime":"2026-01-27 03:04:31","callEndTime":"2026-01-27 03:04:41","ulFailReason":0,"userData":"alarm-4711"}]}';
  assert.equal((await fetch(url, { method: 'POST', headers, body })).status, 200);
  const told = () => child.output.split('\n').slice(1, -1);
  while (told().length < 3) await once(child.stdout, 'data');
  // `onEvent` and `waitFor` hear of it independently.
  const fromEvent = told().indexOf('session-1 10');
  assert.notEqual(fromEvent, -1, child.output);
  assert.match(told().toSpliced(fromEvent, 1).join('\n'), /^billed true .+\nsession-1 alarm-4711$/);
});

test('tests without a platform', async () => {
  const child = start(3);
  assert.deepEqual(await once(child, 'close'), [0, null], child.output);
  assert.equal(child.output, 'ended\n');
});

test("the project's quick start", async () => {
  const child = start(4, displayNumber());
  assert.deepEqual(await once(child, 'close'), [0, null], child.output);
  assert.match(child.output, /^calling: .+\n$/);
});
