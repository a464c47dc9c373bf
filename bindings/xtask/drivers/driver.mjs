// The driver in Node; see README.md beside this file.
import { createInterface } from 'node:readline';
import v8 from 'node:v8';
import vm from 'node:vm';

import { Client, VoiceCallError, Webhook } from 'voicecall';

const {
  VOICECALL_APP_KEY: appKey,
  VOICECALL_APP_SECRET: appSecret,
  VOICECALL_CA_FILE: caFile,
  VOICECALL_PUSH_URL: url,
} = process.env;
const client = Client.fromEnv({ caFile });
const webhook = new Webhook(
  url === undefined ? {} : { urls: [url], applications: [{ appKey, appSecret }], replayEntries: 1000 },
);
// Only after this does a new context have the function.
v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc');

const operations = {
  create_voice_callback: ([displayNbr, callerNbr, calleeNbr], options) =>
    client.createVoiceCallback({ displayNbr, callerNbr, displayCalleeNbr: displayNbr, calleeNbr }, options),
  create_voice_notification: ([displayNbr, calleeNbr], options) =>
    client.createVoiceNotification(
      { displayNbr, calleeNbr, playInfoList: [{ notifyVoice: 'notifyvoice.wav' }] },
      options,
    ),
  create_voice_verification_code: ([displayNbr, calleeNbr], options) =>
    client.createVoiceVerificationCode(
      { displayNbr, calleeNbr, languageType: 2, preTone: 'pretone.wav', verifyCode: '20408' },
      options,
    ),
  terminate_call: ([sessionId], options) => client.terminateCall(sessionId, options),
  get_recording_download_url: ([fileName, recordDomain], options) =>
    client.getRecordingDownloadUrl({ fileName, recordDomain }, options),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [operation, ...words] = line.split('\t');
  try {
    console.log(`ok\t${await obey(operation, words)}`);
  } catch (error) {
    if (!(error instanceof VoiceCallError)) throw error;
    console.log(`${error.kind}\t${error.delivery}`);
  }
}
await client.close();

async function obey(operation, words) {
  if (operation === 'settle') {
    collectGarbage();
    return '';
  }
  if (operation === 'webhook') {
    const { events, error } = webhook.receive({ 'x-aksk': words[0] }, Buffer.from(words[1]));
    if (error) throw error;
    return events[0].eventType;
  }
  const answer = await operations[operation](words.slice(1), { timeoutMs: Number(words[0]) });
  return answer?.sessionId ?? answer ?? '';
}
