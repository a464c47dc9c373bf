// JavaScript types of what callers give: a wrong one is a TypeError that names the argument and what belongs there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';

import { Client, findCode, parseWebhook, Webhook } from 'voicecall';
import { Sandbox, signPush } from 'voicecall/testing';

import { clientOf, notification, peer, placed } from './support/hostile-peer.mjs';

const settings = { appKey: 'app-key-0001', appSecret: 'example-secret-0001' };

async function assertTypeError(run, message) {
  await assert.rejects(async () => run(), { name: 'TypeError', message });
}

test('settings of a client', async () => {
  await assertTypeError(() => new Client(), 'options must be an object, not undefined');
  await assertTypeError(() => new Client('key'), 'options must be an object, not a string');
  await assertTypeError(() => new Client({ ...settings, appKey: 7 }), 'options.appKey must be a string, not a number');
  await assertTypeError(
    () => new Client({ ...settings, timeoutMs: '5' }),
    'options.timeoutMs must be an integer, not a string',
  );
  assert.throws(() => new Client({ ...settings, maxInFlight: 0 }), { kind: 'configuration', field: '/maxInFlight' });
});

test('what a call takes, down to the items of its lists', async (t) => {
  const there = await peer(t, placed);
  const client = clientOf(there.endpoint);
  const place = (change) => () => client.createVoiceNotification({ ...notification, ...change });
  for (const [run, message] of [
    [() => client.createVoiceNotification(), 'request must be an object, not undefined'],
    [() => client.createVoiceNotification([]), 'request must be an object, not an array'],
    [place({ calleeNbr: 8613800000021 }), 'request.calleeNbr must be a string, not a number'],
    [place({ returnIdlePort: 'true' }), 'request.returnIdlePort must be a boolean, not a string'],
    [place({ playInfoList: {} }), 'request.playInfoList must be an array of objects, not an object'],
    [place({ playInfoList: ['a.wav'] }), 'request.playInfoList[0] must be an object, not a string'],
    [
      place({ playInfoList: [{ templateParas: 'x' }] }),
      'request.playInfoList[0].templateParas must be an array of strings, not a string',
    ],
    [
      place({ playInfoList: [{ templateParas: ['a', 1] }] }),
      'request.playInfoList[0].templateParas[1] must be a string, not a number',
    ],
    [
      place({ playInfoList: [{ collectInd: 1.5 }] }),
      'request.playInfoList[0].collectInd must be an integer that JavaScript holds exactly',
    ],
    [
      place({ playInfoList: [{ collectInd: NaN }] }),
      'request.playInfoList[0].collectInd must be an integer that JavaScript holds exactly',
    ],
    [place({ userData: '\ud800' }), 'request.userData must be well-formed Unicode, but has a lone surrogate'],
    [place({ extra: 'x' }), 'request.extra must be an object, not a string'],
    [place({ userData: Symbol('s') }), 'request.userData must be a string, not a symbol'],
    [() => client.terminateCall(12), 'request.sessionid must be a string, not a number'],
    [
      () => client.getRecordingDownloadUrl({ fileName: null, recordDomain: 1 }),
      'request.recordDomain must be a string, not a number',
    ],
  ]) {
    await assertTypeError(run, message);
  }
  assert.equal(there.requests.length, 0);
});

test('options of a call', async (t) => {
  const there = await peer(t, placed);
  const client = clientOf(there.endpoint);
  const place = (options) => () => client.createVoiceNotification(notification, options);
  await assertTypeError(place('x'), 'options must be an object, not a string');
  await assertTypeError(place({ signal: {} }), 'options.signal must be an AbortSignal, not an object');
  await assertTypeError(place({ timeoutMs: -1 }), 'options.timeoutMs must be an integer from 1 to 4294967295');
  await assertTypeError(place({ timeoutMs: 2 ** 32 }), 'options.timeoutMs must be an integer from 1 to 4294967295');
  await assertTypeError(() => client.downloadRecording('x', 'y'), 'source must be an object, not a string');
  const source = { fileName: 'a', recordDomain: 'b' };
  await assertTypeError(() => client.downloadRecording(source, 5), 'path must be a string, not a number');
  await assertTypeError(
    () => client.downloadRecording(source, 'y', { onProgress: 1 }),
    'options.onProgress must be a function, not a number',
  );
  assert.equal(there.requests.length, 0);
});

test('what JSON cannot say leaves no call behind', async (t) => {
  const there = await peer(t, placed);
  const client = clientOf(there.endpoint);
  const circular = {};
  circular.self = circular;
  await assert.rejects(client.createVoiceNotification({ ...notification, extra: circular }), TypeError);
  await assert.rejects(client.createVoiceNotification({ ...notification, extra: { big: 1n } }), TypeError);
  await client.close();
});

test('undefined and null are the same as absent', async (t) => {
  const there = await peer(t, placed);
  await clientOf(there.endpoint).createVoiceNotification({ ...notification, userData: undefined, statusUrl: null });
  const body = JSON.parse(there.requests[0].body);
  assert.ok(!('userData' in body) && !('statusUrl' in body));
});

test('bytes of another realm are bytes, as in tests under Jest', async () => {
  const body = '{"eventType":"fee","feeLst":[{"sessionId":"1"}]}';
  const foreign = runInNewContext('Uint8Array.from(bytes)', { bytes: [...Buffer.from(body)] });
  assert.ok(!(foreign instanceof Uint8Array));
  assert.equal(parseWebhook(foreign).cdrs[0].sessionId, '1');
});

test('a body that was parsed already gives an error that says how to get the raw one', async () => {
  for (const parsed of [{ eventType: 'fee' }, [], undefined, null, 7, new ArrayBuffer(2)]) {
    await assertTypeError(() => parseWebhook(parsed), /raw request body .*express\.raw/);
    await assertTypeError(() => new Webhook().receive({}, parsed), /raw request body .*express\.raw/);
  }
});

test('headers, times and codes', async () => {
  await assertTypeError(
    () => new Webhook().receive('x', '{}'),
    'headers must be an object, Headers or pairs, not a string',
  );
  await assertTypeError(
    () => new Webhook().receive({}, '{}', { now: 5 }),
    'options.now must be a valid Date, not a number',
  );
  await assertTypeError(() => new Webhook({ urls: 'x' }), 'config.urls must be an array of strings, not a string');
  await assertTypeError(
    () => new Webhook({ applications: [{ appKey: 1 }] }),
    'config.applications[0].appKey must be a string, not a number',
  );
  await assertTypeError(() => findCode('state', 1.5), 'code must be an integer that JavaScript holds exactly');
  await assertTypeError(() => signPush({ appKey: 1 }), 'signer.appKey must be a string, not a number');
  await assertTypeError(() => Sandbox.start({ command: 1 }), 'options.command must be a string, not a number');
});
