// Giving calls up: before, while they wait, while they are on their way, and after.

import assert from 'node:assert/strict';
import { test } from 'node:test';

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

test('a call given up on its way rejects at once with the reason, though the platform never answers', async (t) => {
  const there = await peer(t, silent);
  const client = clientOf(there.endpoint);
  const controller = new AbortController();
  const place = client.createVoiceNotification(notification, { signal: controller.signal });
  await there.requested(1);
  const rejected = rejection(place);
  controller.abort();
  const error = await rejected;
  assert.equal(error, controller.signal.reason);
  assert.equal(error.name, 'AbortError');
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
  assert.equal(await rejected, 'enough');
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

test('AbortSignal.timeout rejects with its own TimeoutError', async (t) => {
  const there = await peer(t, silent);
  const error = await rejection(
    clientOf(there.endpoint).createVoiceNotification(notification, { signal: AbortSignal.timeout(50) }),
  );
  assert.equal(error.name, 'TimeoutError');
});

test('a call given up frees its thread for others when the platform answers', async (t) => {
  const answers = [];
  const there = await peer(t, (request, response) => answers.push(() => placed(request, response)));
  const client = clientOf(there.endpoint, { maxInFlight: 1 });
  const controller = new AbortController();
  const first = client.createVoiceNotification(notification, { signal: controller.signal });
  await there.requested(1);
  const rejected = rejection(first);
  controller.abort();
  await rejected;
  const second = client.createVoiceNotification(notification);
  answers[0]();
  await there.requested(2);
  answers[1]();
  assert.equal((await second).sessionId, 'session-1');
});
