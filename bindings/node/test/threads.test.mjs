// The client's own threads: how many calls, what they leave alone, and that they keep nothing alive.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { clientOf, notification, peer, placed, rejection, silent } from './support/hostile-peer.mjs';

test('500 calls at once all end well, at most so many of them in flight', async (t) => {
  let inFlight = 0;
  let most = 0;
  const there = await peer(t, (request, response) => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    setImmediate(() => {
      inFlight -= 1;
      placed(request, response);
    });
  });
  const client = clientOf(there.endpoint, { maxInFlight: 8 });
  const calls = Array.from({ length: 500 }, (_, index) =>
    client.createVoiceNotification({ ...notification, userData: `call-${index}` }),
  );
  const placedCalls = await Promise.all(calls);
  assert.equal(placedCalls.length, 500);
  assert.ok(placedCalls.every(({ sessionId }) => sessionId === 'session-1'));
  assert.equal(new Set(there.requests.map(({ body }) => JSON.parse(body).userData)).size, 500);
  assert.ok(most > 1 && most <= 8, `${most} in flight`);
});

test('a call that runs out of time while it waits is not sent, and ends in time', async (t) => {
  const there = await peer(t, silent);
  const client = clientOf(there.endpoint, { maxInFlight: 1 });
  const first = rejection(client.createVoiceNotification(notification, { timeoutMs: 60_000 }));
  await there.requested(1);
  const error = await rejection(client.createVoiceNotification(notification, { timeoutMs: 100 }));
  assert.deepEqual([error.kind, error.delivery], ['timeout', 'not_sent']);
  await client.close();
  await first;
  assert.equal(there.requests.length, 1);
});

test('fs and dns do not wait for 64 calls that hang', async (t) => {
  const there = await peer(t, silent);
  const client = clientOf(there.endpoint);
  const calls = Array.from({ length: 64 }, () => rejection(client.createVoiceNotification(notification)));
  await there.requested(64);
  // With libuv's four threads taken, either of these would wait for a call's whole time-out.
  const slowest = await longest([
    () => fs.stat(fileURLToPath(import.meta.url)),
    () => dns.promises.lookup('localhost'),
  ]);
  assert.ok(slowest < 2000, `${slowest} ms`);
  await client.close();
  for (const error of await Promise.all(calls)) assert.deepEqual([error.kind, error.delivery], ['closed', 'unknown']);
});

async function longest(actions) {
  const times = actions.map(async (action) => {
    const begun = performance.now();
    await action();
    return performance.now() - begun;
  });
  return Math.max(...(await Promise.all(times)));
}

test('a client works in worker threads, several at once', async (t) => {
  const there = await peer(t, placed);
  const worker = new URL('./support/worker.mjs', import.meta.url);
  const workers = Array.from({ length: 3 }, () => new Worker(worker, { workerData: { endpoint: there.endpoint } }));
  const exits = workers.map((one) => once(one, 'exit'));
  const answers = await Promise.all(workers.map((one) => once(one, 'message')));
  assert.deepEqual(
    answers.map(([answer]) => answer),
    Array(3).fill({ sessionId: 'session-1', eventType: 'answer' }),
  );
  await Promise.all(exits);
  // The addon still works where it was loaded first, after the workers unloaded it.
  assert.equal((await clientOf(there.endpoint).createVoiceNotification(notification)).sessionId, 'session-1');
});

test('a worker thread that is terminated in the middle of calls takes nothing down', async (t) => {
  const there = await peer(t, silent);
  const worker = new Worker(new URL('./support/worker.mjs', import.meta.url), {
    workerData: { endpoint: there.endpoint, calls: 16 },
  });
  await there.requested(16);
  await worker.terminate();
});

/** Runs a program with the package to its end; the test fails if it does not end by itself. */
async function runProgram(program, endpoint) {
  const file = fileURLToPath(new URL(`./support/${program}.mjs`, import.meta.url));
  const child = spawn(process.execPath, [file, endpoint], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (piece) => (output += piece));
  const [code, signal] = await once(child, 'close');
  return { code, signal, output };
}

test('a process ends when nothing is in flight, though the client is open', { timeout: 20_000 }, async (t) => {
  const there = await peer(t, placed);
  const { code, output } = await runProgram('ends-by-itself', there.endpoint);
  assert.deepEqual([code, output], [0, 'session-1\nno open handles\n']);
});

test('a process stays alive for a call in flight', { timeout: 20_000 }, async (t) => {
  const there = await peer(t, (request, response) => setTimeout(() => placed(request, response), 300));
  const { code, output } = await runProgram('waits-for-its-call', there.endpoint);
  assert.deepEqual([code, output], [0, 'session-1\n']);
});

test('process.exit in the middle of calls ends the process at once', { timeout: 20_000 }, async (t) => {
  const there = await peer(t, silent);
  const { code, signal } = await runProgram('exits-in-the-middle', there.endpoint);
  assert.deepEqual([code, signal], [7, null]);
});

test(
  'a client that nobody holds any more is collected, and a call in flight still ends',
  { timeout: 20_000 },
  async (t) => {
    const there = await peer(t, placed);
    const { code, output } = await runProgram('is-collected', there.endpoint);
    assert.deepEqual([code, output], [0, 'session-1\ncollected\n']);
  },
);
