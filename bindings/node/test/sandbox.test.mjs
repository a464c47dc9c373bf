// The package and the local platform together: calls, pushes, recordings.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { Client, newAttemptTag, Webhook } from 'voicecall';
import { webhookListener } from 'voicecall/node-http';
import { Sandbox } from 'voicecall/testing';

import { rejection } from './support/hostile-peer.mjs';

/** @type {Sandbox} */
let sandbox;
const folder = mkdtempSync(join(tmpdir(), 'voicecall-node-'));

before(async () => {
  sandbox = await Sandbox.start({ speed: 100 });
});
after(async () => {
  rmSync(folder, { recursive: true });
  await sandbox.stop();
});

/** A receiver on loopback: its address, and a way to wait for an event. */
async function receiver(t) {
  const address = {};
  const server = http.createServer((request, response) => address.listener(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${server.address().port}/push`;
  const { appKey, appSecret } = sandbox;
  const webhook = new Webhook({ urls: [url], applications: [{ appKey, appSecret }], policy: 'require' });
  const events = [];
  const waiting = [];
  address.listener = webhookListener(webhook, {
    onEvent(event) {
      events.push(event);
      for (const look of [...waiting]) look();
    },
  });
  const until = (wanted) =>
    new Promise((resolve) => {
      const look = () => {
        const found = events.find(wanted);
        if (found) resolve(found);
      };
      waiting.push(look);
      look();
    });
  return { url, until };
}

const callback = (more) => ({
  displayNbr: sandbox.displayNumbers[0],
  callerNbr: '+8613800000021',
  displayCalleeNbr: sandbox.displayNumbers[0],
  calleeNbr: '+8613800000022',
  ...more,
});

test('a recorded callback is placed, pushed, priced and fetched', async (t) => {
  const client = sandbox.client();
  t.after(() => client.close());
  const { url, until } = await receiver(t);
  const { sessionId, extra } = await client.createVoiceCallback(
    callback({ statusUrl: url, feeUrl: url, recordFlag: true, userData: 'order-1' }),
  );
  assert.deepEqual(extra, {});
  const ended = await until((event) => event.eventType === 'disconnect');
  assert.deepEqual([ended.sessionId, ended.userData], [sessionId, 'order-1']);
  const { cdrs } = await until((event) => event.eventType === 'fee');
  const [cdr] = cdrs;
  assert.deepEqual([cdr.sessionId, cdr.scene, cdr.answered, cdr.legs.length], [sessionId, 'callback', true, 2]);
  assert.ok(cdr.price({ perMinute: '0.18', currency: 'CNY' }).amount > 0);

  const told = [];
  const target = join(folder, 'call.wav');
  const downloaded = await client.downloadRecording(cdr, target, { onProgress: (progress) => told.push(progress) });
  assert.equal(downloaded.path, target);
  assert.equal(statSync(target).size, downloaded.bytes);
  assert.equal(readFileSync(target).toString('latin1', 0, 4), 'RIFF');
  assert.equal(told.at(-1).bytes, downloaded.bytes);
  const exists = await rejection(client.downloadRecording(cdr, target));
  assert.deepEqual([exists.kind, exists.rule, exists.field], ['invalid_argument', 'conflict', '/path']);
  await client.downloadRecording(cdr, target, { overwrite: true });
  assert.match(await client.getRecordingDownloadUrl(cdr.recording), /^http/);
});

test('a notification, a verification code, and the end of a call', async () => {
  const client = sandbox.client();
  const displayNbr = sandbox.displayNumbers[0];
  const calleeNbr = '+8613800000021';
  const notified = await client.createVoiceNotification({
    displayNbr,
    calleeNbr,
    playInfoList: [{ notifyVoice: sandbox.voiceFiles[0] }],
    returnIdlePort: true,
  });
  assert.equal(typeof notified.idlePort, 'number');
  const verified = await client.createVoiceVerificationCode({
    displayNbr,
    calleeNbr,
    languageType: 2,
    preTone: sandbox.voiceFiles[0],
    verifyCode: '735194',
  });
  assert.notEqual(verified.sessionId, notified.sessionId);
  const { sessionId } = await client.createVoiceCallback(callback());
  assert.equal(await client.terminateCall(sessionId), undefined);
  const gone = await rejection(client.terminateCall(sessionId));
  assert.deepEqual([gone.kind, gone.resultCode], ['rejected', '1020152']);
  const placed = (await sandbox.calls()).map((call) => call.session_id);
  for (const id of [notified.sessionId, verified.sessionId, sessionId]) assert.ok(placed.includes(id));
  await client.close();
});

test('pushes and calls can be waited for', async (t) => {
  const client = sandbox.client();
  const { url, until } = await receiver(t);
  const { sessionId } = await client.createVoiceCallback(callback({ statusUrl: url }));
  const call = await sandbox.call(sessionId, { until: 'ended', waitMs: 20_000 });
  assert.ok(call.end);
  await until((event) => event.eventType === 'disconnect' && event.sessionId === sessionId);
  const pushes = await sandbox.pushes({ sessionId, waitMs: 5000 });
  assert.ok(pushes.length >= 1);
  await client.close();
});

test('a call whose answer is lost is recognised by its webhooks', async (t) => {
  const { url, until } = await receiver(t);
  const lossy = await proxyThatLosesAnswers(t);
  const client = sandbox.client({ endpoint: lossy, retries: 0, attemptTag: true });
  const error = await rejection(client.createVoiceCallback(callback({ statusUrl: url, userData: 'order-2' })));
  assert.deepEqual([error.delivery, error.attemptTag.length], ['unknown', 14]);
  const event = await until(({ attemptTag }) => attemptTag === error.attemptTag);
  assert.equal(event.userData, 'order-2');

  const attemptTag = newAttemptTag();
  await sandbox.client().createVoiceCallback(callback({ statusUrl: url }), { attemptTag });
  await until((one) => one.attemptTag === attemptTag && one.userData === undefined);
});

/** Passes requests on to the platform and breaks the connection when it answers. */
async function proxyThatLosesAnswers(t) {
  const server = http.createServer(async (request, response) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const { host: _, 'content-length': __, connection: ___, ...headers } = request.headers;
    await fetch(sandbox.endpoint + request.url, { method: request.method, headers, body: Buffer.concat(pieces) });
    response.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

test('a download that is given up leaves no file behind', async (t) => {
  const server = http.createServer((_, response) => {
    response.writeHead(200, { 'content-length': 1_000_000 });
    response.write(Buffer.alloc(70_000));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const source = { recordFileDownloadUrl: `http://127.0.0.1:${server.address().port}/a.wav` };
  const client = sandbox.client();
  const target = join(folder, 'given-up.wav');

  const controller = new AbortController();
  const begun = client.downloadRecording(source, target, {
    signal: controller.signal,
    onProgress: () => controller.abort('enough'),
  });
  assert.equal(await rejection(begun), 'enough');

  const thrown = new Error('the bar is broken');
  const stopped = client.downloadRecording(source, target, {
    onProgress: () => {
      throw thrown;
    },
  });
  assert.equal(await rejection(stopped), thrown);
  await client.close();
  // The promises rejected at once; the threads clear up a moment later.
  while (readdirSync(folder).some((name) => name.includes('given-up'))) await setImmediate();
  assert.ok(!existsSync(target));
});

test('a CDR without a recording says so', async () => {
  const { parseWebhook } = await import('voicecall');
  const [cdr] = parseWebhook('{"eventType":"fee","feeLst":[{"sessionId":"1"}]}').cdrs;
  const client = sandbox.client();
  const error = await rejection(client.downloadRecording(cdr, join(folder, 'none.wav')));
  assert.deepEqual([error.kind, error.message], ['invalid_argument', 'there is no recording of this call']);
  await client.close();
});

test('Client.fromEnv reads key, secret and endpoint', async () => {
  const names = ['VOICECALL_APP_KEY', 'VOICECALL_APP_SECRET', 'VOICECALL_ENDPOINT'];
  for (const [index, value] of [sandbox.appKey, sandbox.appSecret, sandbox.endpoint].entries()) {
    process.env[names[index]] = value;
  }
  const client = Client.fromEnv({ timeoutMs: 5000 });
  assert.ok((await client.createVoiceCallback(callback())).sessionId);
  await client.close();
  for (const name of names) delete process.env[name];
  assert.throws(() => Client.fromEnv(), { kind: 'configuration', field: '/appKey' });
});

test('await using closes what it holds', async () => {
  let client;
  {
    const inner = sandbox.client();
    client = inner;
    await inner[Symbol.asyncDispose]();
  }
  assert.equal((await rejection(client.terminateCall('1'))).kind, 'closed');
});

test('a missing command is told with the line that installs it', async () => {
  await assert.rejects(
    Sandbox.start({ command: 'no-such-voicecall' }),
    /no-such-voicecall is not there.*cargo install voicecall-cli/,
  );
});

test('a program that forgets its sandbox ends, and the sandbox with it', { timeout: 20_000 }, async () => {
  const file = fileURLToPath(new URL('./support/forgets-its-sandbox.mjs', import.meta.url));
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let endpoint = '';
  child.stdout.on('data', (piece) => (endpoint += piece));
  const [code] = await once(child, 'close');
  assert.equal(code, 0);
  // The output is closed only when the sandbox, which has it too, has ended.
  await assert.rejects(fetch(endpoint.trim()), TypeError);
});
