// Pushes: a status event judged and read, and a message of 50 CDRs against `JSON.parse` of the same bytes.

import { parseWebhook, Webhook } from 'voicecall';
import { signPush } from 'voicecall/testing';

import { takeTurns, tell } from './measure.mjs';

const ROUNDS = 400;
const application = { appKey: 'app-key-0001', appSecret: 'example-secret-0001' };
const url = 'https://push.example.com/status';
const status = Buffer.from(
  '{"eventType":"answer","statusInfo":{"sessionId":"1201_612_4294967295_20190124030424@callenabler245.huaweicaas.com",' +
    '"timestamp":"2019-01-24 03:04:24","caller":"+8613800000022","called":"+8613800000021","userData":"ticket-1"}}',
);

/** A connected callback with the fields of the official example, and values of its own where calls differ. */
function cdr(_, number) {
  const digits = (length) => String(number).padStart(length, '0');
  const time = (minute, second) => `2019-01-24 03:${minute}:${String(second + (number % 31)).padStart(2, '0')}`;
  return {
    direction: 0,
    spId: 'CaaS_Test_01',
    appKey: application.appKey,
    icid: `CAE-20190124110424-1201${digits(4)}`,
    bindNum: '+867550000088',
    sessionId: `1201_${612 + number}_4294967295_20190124030424@callenabler245.huaweicaas.com`,
    callerNum: '+867550000088',
    calleeNum: `+861380000${digits(4)}`,
    fwdDisplayNum: '+867550000088',
    fwdDstNum: `+861390000${digits(4)}`,
    fwdStartTime: time('04', 0),
    fwdAlertingTime: time('04', 5),
    fwdAnswerTime: time('04', 9),
    callEndTime: '2019-01-24 03:05:49',
    fwdUnaswRsn: 0,
    ulFailReason: 0,
    sipStatusCode: 0,
    callOutStartTime: time('03', 0),
    callOutAlertingTime: time('03', 7),
    callOutAnswerTime: time('03', 11),
    callOutUnaswRsn: 0,
    recordFlag: 0,
    ttsPlayTimes: 0,
    ttsTransDuration: 0,
    serviceType: '002',
    hostName: 'callenabler245.huaweicaas.com',
    userData: `ticket-${digits(6)}`,
  };
}

/** A function that reads these fields of an object by their names, one after the other, as programs do. */
const reader = (names) =>
  new Function('record', `let read; ${names.map((name) => `read = record.${name};`).join(' ')} return read;`);

function statusEvent() {
  const webhook = new Webhook({ urls: [url], applications: [application], policy: 'require' });
  const read = reader(['sessionId', 'timestamp', 'caller', 'called', 'userData']);
  const runs = 100;
  // A nonce is accepted once.
  const signed = Array.from({ length: runs * ROUNDS }, () => signPush({ ...application, url }));
  const receive = () => {
    const { events, verdict } = webhook.receive(signed.pop(), status);
    if (verdict.verdict !== 'valid') throw new Error(verdict.message);
    read(events[0]);
  };
  const [best] = takeTurns([receive], { rounds: ROUNDS, runs });
  tell('status', best, 'us');
}

function records() {
  const body = Buffer.from(JSON.stringify({ eventType: 'fee', feeLst: Array.from({ length: 50 }, cdr) }));
  const declared = Object.getPrototypeOf(Object.getPrototypeOf(parseWebhook(body).cdrs[0]));
  const names = Object.keys(Object.getOwnPropertyDescriptors(declared)).filter((name) => name !== 'constructor');
  const [readRecord, readObject] = [reader(names), reader(names)];
  const [event, object, eventRead, objectRead] = takeTurns(
    [
      () => parseWebhook(body),
      () => JSON.parse(body),
      () => parseWebhook(body).cdrs.forEach(readRecord),
      () => JSON.parse(body).feeLst.forEach(readObject),
    ],
    { rounds: ROUNDS, runs: 10 },
  );
  tell('cdrs', event, 'us');
  tell('cdrs_json', object, 'us');
  tell('cdrs_to_json', event / object, 'x');
  tell('read', eventRead, 'us');
  tell('read_json', objectRead, 'us');
  tell('read_to_json', eventRead / objectRead, 'x');
}

statusEvent();
records();
