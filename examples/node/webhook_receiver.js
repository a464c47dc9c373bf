// Receives pushes with Express and keeps each CDR once.
//
// node webhook_receiver.js PORT PUBLIC_URL FILE
//
// PUBLIC_URL is the address as it is registered with the platform: signatures cover it, letter by letter. FILE is the store,
// a SQLite database: `voicecall calls --store sqlite:FILE` looks into it, and so does every other program that reads SQLite.

import express from 'express';

import { Intake, Webhook } from 'voicecall';
import { webhookHandler } from 'voicecall/express';

const [port, publicUrl, file] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node webhook_receiver.js PORT PUBLIC_URL FILE');
  process.exit(2);
}

const { VOICECALL_APP_KEY: appKey, VOICECALL_APP_SECRET: appSecret } = process.env;
const webhook = new Webhook({
  urls: [publicUrl],
  applications: [{ appKey, appSecret }],
  policy: 'require',
});
const intake = new Intake({ store: `sqlite:${file}`, webhook });

/** Only what comes for the first time gets here, and it is on the disk already. */
function onEvent(event, { newCdrs }) {
  if (event.eventType !== 'fee') console.log(event.eventType);
  for (const cdr of newCdrs) console.log(`cdr stored: ${cdr.talkSeconds ?? 0} s`);
}

const app = express();
// Before any body parser: the raw bytes are needed.
app.post(
  new URL(publicUrl).pathname,
  webhookHandler(intake, { onEvent, onError: (error) => console.error(`${error}`) }),
);
const server = app.listen(Number(port), '127.0.0.1', () => console.log(`listening on ${server.address().port}`));

process.once('SIGTERM', () => server.close(() => intake.close()));
