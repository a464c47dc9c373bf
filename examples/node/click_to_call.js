// Connects two people, waits for the CDR, says what the call costs, and fetches its recording.
//
// node click_to_call.js DISPLAY_NUMBER CALLER CALLEE RECORDING_FILE

import { Client } from 'voicecall';

import { startReceiver } from './pushes.js';

const [displayNbr, callerNbr, calleeNbr, file] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node click_to_call.js DISPLAY_NUMBER CALLER CALLEE RECORDING_FILE');
  process.exit(2);
}

const client = Client.fromEnv();
const receiver = await startReceiver();
const { sessionId } = await client.createVoiceCallback({
  displayNbr,
  callerNbr,
  displayCalleeNbr: displayNbr,
  calleeNbr,
  recordFlag: true,
  feeUrl: receiver.url,
});

const cdr = await cdrOf(sessionId);
for (const { leg, talkSeconds = 0 } of cdr.legs) console.log(`leg ${leg}: ${talkSeconds} s`);
const price = cdr.price({ perMinute: '0.18', currency: 'CNY' });
if (price) console.log(`price: ${price.amount} ${price.currency}`);
console.log(`ended: ${cdr.explain()?.cause.meaning ?? 'the platform does not say why'}`);
if (cdr.recording) {
  const { bytes } = await client.downloadRecording(cdr, file);
  console.log(`recording: ${bytes} bytes`);
} else {
  console.log('no recording: nobody talked for 3 seconds');
}
receiver.stop();
await client.close();

/** Waits for the call's record; others may come first, several in one message. */
async function cdrOf(id) {
  for await (const event of receiver.events) {
    if (event.eventType !== 'fee') continue;
    const cdr = event.cdrs.find((one) => one.sessionId === id);
    if (cdr) return cdr;
  }
}
