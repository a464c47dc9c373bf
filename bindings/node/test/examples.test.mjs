// The programs of examples/node, each as a process of its own, against the local platform.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Intake } from 'voicecall';
import { Sandbox, signPush } from 'voicecall/testing';

/** @type {Sandbox} */
let sandbox;
const folder = mkdtempSync(join(tmpdir(), 'voicecall-examples-'));

before(async () => {
  sandbox = await Sandbox.start({ speed: 60 });
});
after(async () => {
  rmSync(folder, { recursive: true });
  await sandbox.stop();
});

/** Starts a program with the sandbox's key, secret and address. */
function start(program, ...args) {
  const file = fileURLToPath(new URL(`../examples/${program}`, import.meta.url));
  const env = {
    ...process.env,
    VOICECALL_APP_KEY: sandbox.appKey,
    VOICECALL_APP_SECRET: sandbox.appSecret,
    VOICECALL_ENDPOINT: sandbox.endpoint,
  };
  const child = spawn(process.execPath, [file, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  child.output = '';
  child.errors = '';
  child.stdout.on('data', (piece) => (child.output += piece));
  child.stderr.on('data', (piece) => (child.errors += piece));
  return child;
}

/** Runs it to its end. */
async function run(program, ...args) {
  const child = start(program, ...args);
  const [code] = await once(child, 'close');
  return { code, output: child.output, errors: child.errors };
}

/** Resolves when a program has printed a line that fits. */
async function printed(child, wanted) {
  while (!wanted.test(child.output)) await once(child.stdout, 'data');
  return wanted.exec(child.output);
}

test('an alarm is confirmed by a key', async () => {
  const { code, output, errors } = await run(
    'alert_call.js',
    sandbox.displayNumbers[0],
    '+8613800000021',
    'sandbox_alarm',
  );
  assert.deepEqual([code, output, errors], [0, 'calling\nringing\nanswered\nconfirmed\n', '']);
});

test('an alarm that nobody hears is not confirmed', async () => {
  const { code, output } = await run('alert_call.js', sandbox.displayNumbers[0], '+8613800008102', 'sandbox_alarm');
  assert.deepEqual([code, output], [0, 'calling\nnot confirmed\n']);
});

test('a refused alarm is told with advice and rings nobody', async () => {
  const before = (await sandbox.calls()).length;
  const { code, errors } = await run('alert_call.js', sandbox.displayNumbers[0], '13800000021', 'sandbox_alarm');
  assert.equal(code, 1);
  assert.match(errors, /\/calleeNbr.*Correct the named field/);
  assert.equal((await sandbox.calls()).length, before);
});

test('a recorded call gives its cost and its sound', async () => {
  await fetch(`${sandbox.admin}/phones/${encodeURIComponent('+8613800000022')}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: '{"talk_seconds":61}',
  });
  const file = join(folder, 'call.wav');
  const numbers = [sandbox.displayNumbers[0], '+8613800000021', '+8613800000022'];
  const { code, output, errors } = await run('click_to_call.js', ...numbers, file);
  assert.deepEqual([code, errors], [0, '']);
  assert.match(output, /^leg a: \d+ s\nleg b: 61 s\nprice: 0\.72 CNY\nended: .+\nrecording: \d+ bytes\n$/);
  const { size } = statSync(file);
  assert.ok(size > 61 * 8000 && output.includes(`recording: ${size} bytes`));
});

test('a CDR that comes twice is stored once, and only what is stored is acknowledged', async (t) => {
  const file = join(folder, 'calls.db');
  const registered = 'https://push.example.com/voice/fee';
  const receiver = start('webhook_receiver.js', '0', registered, file);
  t.after(() => receiver.kill('SIGKILL'));
  const [, port] = await printed(receiver, /listening on (\d+)/);
  const { appKey, appSecret } = sandbox;
  const push = (body, headers = signPush({ appKey, appSecret, url: registered })) =>
    fetch(`http://127.0.0.1:${port}/voice/fee`, { method: 'POST', headers, body });

  const body = '{"eventType":"fee","feeLst":[{"sessionId":"1","icid":"i-1"},{"sessionId":"2"},{"icid":"broken"}]}';
  for (let time = 0; time < 2; time += 1) assert.equal((await push(body)).status, 200);
  assert.equal((await push(body, { 'content-type': 'application/json' })).status, 401);
  const exit = once(receiver, 'close');
  receiver.kill('SIGTERM');
  assert.deepEqual(await exit, [0, null]);
  assert.equal(receiver.output.match(/cdr stored/g).length, 2);
  const intake = await Intake.open({ store: `sqlite:${file}` });
  t.after(() => intake.close());
  const { calls } = await intake.page();
  assert.deepEqual(calls.map(({ sessionId, cdrs }) => [sessionId, cdrs.length]).sort(), [
    ['1', 1],
    ['2', 1],
  ]);
});
