// Receives pushes with Express and stores each CDR once.
//
// node webhook_receiver.js PORT PUBLIC_URL FOLDER
//
// PUBLIC_URL is the address as it is registered with the platform: signatures cover it, letter by letter.

import express from 'express';

import { Webhook } from 'voicecall';
import { webhookHandler } from 'voicecall/express';

import { CdrStore } from './cdr_store.js';

const [port, publicUrl, folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node webhook_receiver.js PORT PUBLIC_URL FOLDER');
  process.exit(2);
}

const { VOICECALL_APP_KEY: appKey, VOICECALL_APP_SECRET: appSecret } = process.env;
const webhook = new Webhook({
  urls: [publicUrl],
  applications: [{ appKey, appSecret }],
  policy: 'require',
});
const store = new CdrStore(folder);

/** What this throws makes the platform send the push again: nothing is acknowledged that is not stored. */
async function onEvent(event) {
  if (event.eventType !== 'fee') {
    console.log(event.eventType);
    return;
  }
  for (const cdr of event.cdrs) console.log((await store.keep(cdr)) ? 'cdr stored' : 'cdr known');
  for (const record of event.rejected) await store.keepRejected(record);
}

const app = express();
// Before any body parser: the raw bytes are needed.
app.post(
  new URL(publicUrl).pathname,
  webhookHandler(webhook, {
    onEvent,
    onError: (error) => console.error(`${error}`),
  }),
);
const server = app.listen(Number(port), '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
