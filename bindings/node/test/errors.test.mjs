// Every kind of error and every delivery, against peers that behave badly.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';

import { Client, parseWebhook, VoiceCallError, Webhook } from 'voicecall';

import { clientOf, notification, peer, placed, platform, rawPeer, rejection, silent } from './support/hostile-peer.mjs';

/** Kinds that were seen, so that none is forgotten. */
const seen = new Set();

function assertFailed(error, kind, delivery) {
  assert.ok(error instanceof VoiceCallError, error);
  assert.deepEqual([error.kind, error.delivery], [kind, delivery], error.message);
  assert.ok(error.advice && error.retry);
  seen.add(kind);
}

async function failed(promise, kind, delivery) {
  const error = await rejection(promise);
  assertFailed(error, kind, delivery);
  return error;
}

function thrown(run, kind) {
  try {
    run();
  } catch (error) {
    assertFailed(error, kind, 'not_sent');
    return error;
  }
  assert.fail('an error was expected');
}

test('an argument that breaks a rule is told before anything is sent', async (t) => {
  const there = await peer(t, placed);
  const client = clientOf(there.endpoint);
  const error = await failed(
    client.createVoiceNotification({ ...notification, calleeNbr: '13800000021' }),
    'invalid_argument',
    'not_sent',
  );
  assert.deepEqual([error.field, error.rule, error.retry], ['/calleeNbr', 'number_format', 'after_fix']);
  // The second is a name that every object knows.
  for (const name of ['calleNbr', 'constructor']) {
    const place = client.createVoiceNotification({ ...notification, [name]: '+8613800000021' });
    const unknown = await failed(place, 'invalid_argument', 'not_sent');
    assert.deepEqual([unknown.field, unknown.rule], [`/${name}`, 'unknown_field']);
  }
  assert.equal(there.requests.length, 0);
});

test('a setting that cannot work is told when the client is made', () => {
  const error = thrown(() => clientOf('http://voice.example.com'), 'configuration');
  assert.equal(error.field, '/endpoint');
  assert.equal(thrown(() => new Client({ appKey: 'k' }), 'configuration').field, '/appSecret');
  assert.equal(thrown(() => new Webhook({ policy: 'require' }), 'configuration').field, '/urls');
});

test('a port that refuses is connect and not sent', async (t) => {
  const there = await peer(t, placed);
  const { endpoint } = there;
  await there.stop();
  const error = await failed(clientOf(endpoint).createVoiceNotification(notification), 'connect', 'not_sent');
  assert.equal(error.retry, 'later');
});

test('a name that does not resolve is connect and not sent', async () => {
  const client = clientOf('https://no-such-host.invalid');
  await failed(client.createVoiceNotification(notification), 'connect', 'not_sent');
});

test('a peer that speaks no TLS is tls and not sent', async (t) => {
  const there = await rawPeer(t, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const client = clientOf(there.endpoint.replace('http:', 'https:'));
  await failed(client.createVoiceNotification(notification), 'tls', 'not_sent');
});

test('a handshake that never ends is a time-out and not sent', async (t) => {
  const there = await rawPeer(t, silent);
  const client = clientOf(there.endpoint.replace('http:', 'https:'), { connectTimeoutMs: 100 });
  await failed(client.createVoiceNotification(notification), 'timeout', 'not_sent');
});

test('an answer that never comes is a time-out of unknown outcome', async (t) => {
  const there = await peer(t, silent);
  const error = await failed(
    clientOf(there.endpoint).createVoiceNotification(notification, { timeoutMs: 200 }),
    'timeout',
    'unknown',
  );
  assert.equal(error.retry, 'never');
  assert.match(error.advice, /may be ringing/);
  assert.equal(there.requests.length, 1);
});

test('a connection that breaks after the request is lost with unknown outcome, and nothing rings twice', async (t) => {
  const there = await peer(t, (request) => request.socket.destroy());
  const client = clientOf(there.endpoint, { retries: 5 });
  await failed(client.createVoiceNotification(notification), 'connection_lost', 'unknown');
  assert.equal(there.requests.length, 1);
});

test('what rings nobody is repeated after a broken connection', async (t) => {
  let answers = 0;
  const there = await peer(t, (request, response) => {
    answers += 1;
    if (answers < 3) request.socket.destroy();
    else platform(200, '0')(request, response);
  });
  assert.equal(await clientOf(there.endpoint, { retries: 5 }).terminateCall('session-1'), undefined);
  assert.equal(answers, 3);
});

for (const [kind, status, code] of [
  ['rejected', 400, '1010002'],
  ['authentication', 401, '1010003'],
  ['throttled', 403, '1013001'],
]) {
  test(`result code ${code} is ${kind} and answered`, async (t) => {
    const there = await peer(t, platform(status, code));
    const error = await failed(clientOf(there.endpoint).createVoiceNotification(notification), kind, 'answered');
    assert.deepEqual([error.resultCode, error.httpStatus], [code, status]);
    assert.equal(error.resultDesc, 'told +*********0021');
  });
}

test("the platform's own time-out is of unknown outcome", async (t) => {
  const there = await peer(t, platform(500, '1023002'));
  await failed(clientOf(there.endpoint).createVoiceNotification(notification), 'rejected', 'unknown');
});

test('an answer that is not the platform’s is protocol: unknown after 200, answered after 404', async (t) => {
  for (const [status, delivery] of [
    [200, 'unknown'],
    [404, 'answered'],
  ]) {
    const there = await peer(t, (_, response) => response.writeHead(status).end('<html>'));
    await failed(clientOf(there.endpoint).createVoiceNotification(notification), 'protocol', delivery);
  }
});

test('a client that is closed before a call sends nothing; during a call the outcome is unknown', async (t) => {
  const there = await peer(t, silent);
  const client = clientOf(there.endpoint);
  const inFlight = client.createVoiceNotification(notification);
  await there.requested(1);
  const closing = client.close();
  await failed(inFlight, 'closed', 'unknown');
  await closing;
  await client.close();
  await failed(client.createVoiceNotification(notification), 'closed', 'not_sent');
  assert.equal(there.requests.length, 1);
});

test('a folder that is not there is storage', async (t) => {
  const there = await peer(t, (_, response) => response.end('RIFF'));
  const target = join(tmpdir(), 'no-such-folder', 'a.wav');
  const source = { recordFileDownloadUrl: `${there.endpoint}/a.wav` };
  const error = await rejection(clientOf(there.endpoint).downloadRecording(source, target));
  assert.equal(error.kind, 'storage');
  seen.add('storage');
});

test('a body that is no push is malformed, a signature that does not hold is refused', () => {
  const error = thrown(() => parseWebhook('{"eventType":'), 'malformed_webhook');
  assert.match(error.message, /line 1, column 14/);
  const webhook = new Webhook({
    urls: ['https://push.example.com/'],
    applications: [{ appKey: 'app-key-0001', appSecret: 'example-secret-0001' }],
    policy: 'require',
  });
  const received = webhook.receive({}, '{"eventType":"x"}');
  assertFailed(received.error, 'signature', 'not_sent');
  assert.equal(received.verdict.reason, 'missing_header');
});

test('every kind but internal was provoked', () => {
  // `internal` needs a fault of the library; the addon's unit tests provoke a panic.
  const declared = readFileSync(
    new URL('../node_modules/voicecall/dist/generated/errors.d.ts', import.meta.url),
    'utf8',
  );
  const kinds = [.../type ErrorKind =([^;]*);/s.exec(declared)[1].matchAll(/'(\w+)'/g)].map(([, kind]) => kind);
  assert.ok(kinds.length >= 15);
  assert.deepEqual(
    kinds.filter((kind) => !seen.has(kind)),
    ['internal'],
  );
});

test('an error leads to who placed the call, and knows its cause', async (t) => {
  const there = await peer(t, silent);
  await there.stop();
  async function ringSomebody() {
    await clientOf(there.endpoint).createVoiceNotification(notification);
  }
  const error = await rejection(ringSomebody());
  assert.match(error.stack, /ringSomebody/);
  assert.ok(error.cause === undefined || error.cause instanceof Error);
});

test('an attribute that does not apply is no property', async (t) => {
  const there = await peer(t, silent);
  await there.stop();
  const error = await rejection(clientOf(there.endpoint).createVoiceNotification(notification));
  for (const name of ['field', 'rule', 'resultCode', 'httpStatus']) assert.ok(!(name in error), name);
  assert.equal(JSON.parse(JSON.stringify(error)).kind, 'connect');
});

test('no text of an error holds a number, a code, a template value or a secret', async (t) => {
  const there = await peer(t, platform(400, '1010002'));
  const client = clientOf(there.endpoint);
  const shown = [inspect(client)];
  const verification = { ...notification, languageType: 2, preTone: 'pre.wav', verifyCode: '735194' };
  delete verification.playInfoList;
  for (const place of [
    () => client.createVoiceNotification(notification),
    () => client.createVoiceNotification({ ...notification, calleeNbr: '+8613800000021x' }),
    () =>
      client.createVoiceNotification({
        ...notification,
        playInfoList: [{ templateId: 't', templateParas: ['s3cret'.repeat(9)] }],
      }),
    () => client.createVoiceVerificationCode(verification),
    () => client.createVoiceVerificationCode({ ...verification, verifyCode: '735194x' }),
    () => client.createVoiceVerificationCode({ ...verification, verifyCode: 735194 }),
  ]) {
    const error = await rejection(place());
    shown.push(inspect(error), JSON.stringify(error), error.stack);
  }
  for (const text of shown) {
    for (const secret of ['13800000021', '735194', 's3cret', 'example-secret']) {
      assert.ok(!text.includes(secret), `${secret} in ${text}`);
    }
  }
});
