// Giving calls up: before, while they wait, while they are on their way, and after.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { VoiceCallError } from 'voicecall';

import { clientOf, notification, peer, placed, rejection, silent } from './support/hostile-peer.mjs';

test('a call given up before it begins is never sent and rejects with the reason', async (t) => {
  const there = await peer(t, placed);
  const client = clientOf(there.endpoint);
  const reason = new Error('the alarm is over');
  const place = client.createVoiceNotification(notification, { signal: AbortSignal.abort(reason) });
  assert.equal(await rejection(place), reason);
  await client.createVoiceNotification(notification);
  assert.equal(there.requests.length, 1);
});

test('a call given up on its way rejects with an unknown outcome, though the platform never answers', async (t) => {
  const there = await peer(t, silent);
  const client = clientOf(there.endpoint, { attemptTag: true });
  const controller = new AbortController();
  const place = client.createVoiceNotification(notification, { signal: controller.signal });
  await there.requested(1);
  const rejected = rejection(place);
  controller.abort();
  const error = await rejected;
  assert.ok(error instanceof VoiceCallError);
  assert.deepEqual([error.kind, error.delivery, error.retry], ['closed', 'unknown', 'never']);
  assert.equal(error.cause, controller.signal.reason);
  assert.equal(error.cause.name, 'AbortError');
  assert.ok(there.requests[0].body.includes(error.attemptTag));
});

test('a call given up while it waits for its turn is never sent', async (t) => {
  let answerFirst;
  const there = await peer(t, (request, response) => {
    if (answerFirst === undefined) answerFirst = () => placed(request, response);
    else placed(request, response);
  });
  const client = clientOf(there.endpoint, { maxInFlight: 1 });
  const first = client.createVoiceNotification(notification);
  await there.requested(1);
  const controller = new AbortController();
  const second = client.createVoiceNotification({ ...notification, userData: 'second' }, { signal: controller.signal });
  const third = client.createVoiceNotification({ ...notification, userData: 'third' });
  const rejected = rejection(second);
  controller.abort('enough');
  const error = await rejected;
  assert.deepEqual([error.kind, error.delivery, error.cause], ['closed', 'not_sent', 'enough']);
  answerFirst();
  await Promise.all([first, third]);
  assert.deepEqual(
    there.requests.map(({ body }) => JSON.parse(body).userData),
    [undefined, 'third'],
  );
});

test('giving up after the answer changes nothing and leaves no listener behind', async (t) => {
  const there = await peer(t, placed);
  const controller = new AbortController();
  const { signal } = controller;
  let listeners = 0;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...given) => ((listeners += 1), add(...given));
  signal.removeEventListener = (...given) => ((listeners -= 1), remove(...given));
  const call = await clientOf(there.endpoint).createVoiceNotification(notification, { signal });
  assert.equal(listeners, 0);
  controller.abort();
  assert.equal(call.sessionId, 'session-1');
});

test('the cause is the TimeoutError of AbortSignal.timeout', async (t) => {
  const there = await peer(t, silent);
  const error = await rejection(
    clientOf(there.endpoint).createVoiceNotification(notification, { signal: AbortSignal.timeout(50) }),
  );
  assert.equal(error.cause.name, 'TimeoutError');
});

test('a call given up frees its place for others at once', async (t) => {
  let asked = 0;
  const there = await peer(t, (request, response) => ((asked += 1) > 1 ? placed(request, response) : undefined));
  const client = clientOf(there.endpoint, { maxInFlight: 1 });
  const controller = new AbortController();
  const first = client.createVoiceNotification(notification, { signal: controller.signal });
  await there.requested(1);
  const rejected = rejection(first);
  controller.abort();
  await rejected;
  assert.equal((await client.createVoiceNotification(notification)).sessionId, 'session-1');
});
