// A worker thread that places calls and reads a push.

import { parentPort, workerData } from 'node:worker_threads';

import { parseWebhook } from 'voicecall';

import { clientOf, notification } from './hostile-peer.mjs';

const client = clientOf(workerData.endpoint);
const calls = Array.from({ length: workerData.calls ?? 1 }, () => client.createVoiceNotification(notification));
const [{ sessionId }] = await Promise.all(calls);
const { eventType } = parseWebhook('{"eventType":"answer","statusInfo":{"sessionId":"1"}}');
parentPort.postMessage({ sessionId, eventType });
