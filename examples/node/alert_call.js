// Rings a person, reads an alarm, and waits for the key that confirms it.
//
// node alert_call.js DISPLAY_NUMBER CALLEE TEMPLATE

import { Client, VoiceCallError } from 'voicecall';

import { startReceiver } from './pushes.js';

const [displayNbr, calleeNbr, templateId] = process.argv.slice(2);
if (templateId === undefined) {
  console.error('usage: node alert_call.js DISPLAY_NUMBER CALLEE TEMPLATE');
  process.exit(2);
}

const client = Client.fromEnv();
const receiver = await startReceiver();
try {
  const { sessionId } = await client.createVoiceNotification({
    displayNbr,
    calleeNbr,
    playInfoList: [{ templateId, collectInd: 1 }],
    statusUrl: receiver.url,
  });
  console.log('calling');
  console.log((await isConfirmed(sessionId)) ? 'confirmed' : 'not confirmed');
} catch (error) {
  if (!(error instanceof VoiceCallError)) throw error;
  // The phone may be ringing: whoever calls this program again must not ring it a second time.
  if (error.delivery === 'unknown') console.error(`do not repeat: ${error.message}`);
  else console.error(`${error.message}. ${error.advice}`);
  process.exitCode = 1;
} finally {
  receiver.stop();
  await client.close();
}

/** Follows the call to its end. */
async function isConfirmed(sessionId) {
  let confirmed = false;
  for await (const event of receiver.events) {
    if (event.sessionId !== sessionId) continue;
    switch (event.eventType) {
      case 'alerting':
        console.log('ringing');
        break;
      case 'answer':
        console.log('answered');
        break;
      case 'collectInfo':
        confirmed = event.digitInfo === '1';
        break;
      case 'disconnect':
        return confirmed;
    }
  }
}
