// Forgets its client in the middle of a call, then waits until it is collected.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { clientOf, notification } from './hostile-peer.mjs';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

const registry = new FinalizationRegistry((what) => {
  console.log(what);
  clearInterval(collecting);
});

function place() {
  const client = clientOf(process.argv[2]);
  registry.register(client, 'collected');
  return client.createVoiceNotification(notification);
}

const call = place();
gc();
console.log((await call).sessionId);
const collecting = setInterval(gc, 10);
