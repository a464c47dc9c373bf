// The store of pushes: real files, and nothing between the test and the disk.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';

import { Call, Cdr, Intake, newAttemptTag, Receipt, VoiceCallError, Webhook } from 'voicecall';
import { signPush } from 'voicecall/testing';

import {
  clientOf,
  notification,
  peer,
  placed as answersPlaced,
  platform,
  rejection,
  silent,
} from './support/hostile-peer.mjs';

const folder = mkdtempSync(join(tmpdir(), 'voicecall-intake-'));
after(() => rmSync(folder, { recursive: true }));

let stores = 0;
const newStore = () => `sqlite:${join(folder, `calls-${(stores += 1)}.db`)}`;

/** A new intake, closed at the end of the test. */
function newIntake(t, options = {}) {
  const intake = new Intake({ store: newStore(), ...options });
  t.after(() => intake.close());
  return intake;
}

const A = '+8613800000021';
const B = '+8613800000022';
const cdrPush = (...records) => JSON.stringify({ eventType: 'fee', feeLst: records });
const statusPush = (eventType, sessionId, more = {}) =>
  JSON.stringify({ eventType, statusInfo: { sessionId, timestamp: '2026-01-27 03:04:31', called: A, ...more } });
const callbackCdr = {
  sessionId: 's-1',
  icid: 'c-1',
  appKey: 'app-key-0001',
  serviceType: '002',
  bindNum: '+867550000088',
  calleeNum: A,
  fwdDisplayNum: '+867550000088',
  fwdDstNum: B,
  callOutStartTime: '2026-01-27 03:04:24',
  callOutAlertingTime: '2026-01-27 03:04:27',
  callOutAnswerTime: '2026-01-27 03:04:31',
  fwdStartTime: '2026-01-27 03:04:31',
  fwdAnswerTime: '2026-01-27 03:04:38',
  callEndTime: '2026-01-27 03:05:49',
  ulFailReason: 0,
  userData: 'order-7',
};

test('what comes twice is known, also after the store was opened anew', async () => {
  const store = newStore();
  const body = cdrPush({ sessionId: '1', icid: 'a' }, { sessionId: '2', icid: 'b' });
  const first = new Intake({ store });
  const receipt = await first.receive({}, body);
  assert.ok(receipt instanceof Receipt);
  assert.deepEqual([receipt.reply.status, receipt.accepted, receipt.duplicates], [200, 2, 0]);
  assert.deepEqual(receipt.verdict, { verdict: 'not_checked' });
  assert.deepEqual(
    receipt.newCdrs.map(({ sessionId }) => sessionId),
    ['1', '2'],
  );
  await first.close();

  const second = await Intake.open({ store });
  const again = await second.receive({}, cdrPush({ icid: 'b', sessionId: '2' }, { sessionId: '3' }));
  assert.deepEqual([again.reply.status, again.accepted, again.duplicates, again.conflicts], [200, 1, 1, 0]);
  assert.deepEqual(
    again.newCdrs.map(({ sessionId }) => sessionId),
    ['3'],
  );
  assert.equal(again.events[0].cdrs.length, 2);
  const nothingNew = await second.receive({}, body);
  assert.deepEqual([nothingNew.newEvents, nothingNew.newCdrs, nothingNew.duplicates], [[], [], 2]);
  assert.match(`${nothingNew}`, /^200 not_checked: 0 new, 2 known/);
  const contradicts = await second.receive({}, cdrPush({ sessionId: '1', icid: 'a', hostName: 'another' }));
  assert.deepEqual([contradicts.reply.status, contradicts.duplicates, contradicts.conflicts], [200, 1, 1]);
  await second.close();
});

test('a record that cannot be read costs its neighbours nothing, and a body that ends early comes again', async (t) => {
  const intake = newIntake(t);
  const receipt = await intake.receive({}, cdrPush({ sessionId: '1' }, { icid: 'no session' }, { sessionId: '2' }));
  assert.deepEqual([receipt.reply.status, receipt.accepted, receipt.rejected], [200, 2, 1]);
  assert.equal(receipt.events[0].rejected.length, 1);
  const none = await intake.receive({}, '{"eventType":');
  assert.deepEqual([none.reply.status, none.rejected, none.events, none.newEvents], [500, 1, [], []]);
  assert.ok(none.error instanceof VoiceCallError);
  assert.deepEqual([none.error.kind, 'error' in receipt], ['malformed_webhook', false]);
});

test('signatures are checked as the webhook says', async (t) => {
  const application = { appKey: 'app-key-0001', appSecret: 'example-secret-0001' };
  const url = 'https://push.example.com/fee';
  const webhook = new Webhook({ urls: [url], applications: [application], policy: 'require' });
  const intake = newIntake(t, { webhook });
  const body = cdrPush({ sessionId: '1' });
  const refused = await intake.receive({}, body);
  assert.deepEqual(
    [refused.reply.status, refused.verdict.reason, refused.error.kind],
    [401, 'missing_header', 'signature'],
  );
  const receipt = await intake.receive(signPush({ ...application, url }), Buffer.from(body));
  assert.deepEqual(
    [receipt.reply.status, receipt.verdict.verdict, receipt.verdict.appKey],
    [200, 'valid', 'app-key-0001'],
  );
  const late = { now: new Date(Date.now() + 24 * 3600_000) };
  const stale = await intake.receive(signPush({ ...application, url }), statusPush('answer', '1'), late);
  assert.equal(stale.verdict.reason, 'stale');
});

test('a buffer that is used again does not change what was received', async (t) => {
  const intake = newIntake(t);
  const buffer = Buffer.from(statusPush('answer', '语-1'));
  const receiving = intake.receive({}, buffer);
  buffer.fill(0);
  const receipt = await receiving;
  assert.equal(receipt.newEvents[0].sessionId, '语-1');
});

test('500 pushes at once are all stored, each once', async (t) => {
  const intake = newIntake(t);
  const receipts = await Promise.all(
    Array.from({ length: 500 }, (_, at) => intake.receive({}, cdrPush({ sessionId: `s-${at % 250}`, icid: 'i' }))),
  );
  assert.ok(receipts.every(({ reply }) => reply.status === 200));
  const sum = (name) => receipts.reduce((all, receipt) => all + receipt[name], 0);
  assert.deepEqual([sum('accepted'), sum('duplicates')], [250, 250]);
  assert.equal((await intake.totals())[0].calls, 250);
});

test('the story of a call is one record, whatever told it', async (t) => {
  const intake = newIntake(t);
  assert.equal(await intake.call('s-1'), undefined);
  const request = { displayNbr: '+867550000088', callerNbr: A, displayCalleeNbr: '+867550000088', calleeNbr: B };
  await intake.placed('createVoiceCallback', request, 's-1');
  assert.equal((await intake.call('s-1')).state, 'placed');
  for (const push of [
    cdrPush(callbackCdr),
    statusPush('alerting', 's-1'),
    statusPush('collectInfo', 's-1', { digitInfo: '1' }),
  ])
    await intake.receive({}, push);
  const call = await intake.call('s-1');
  assert.ok(call instanceof Call);
  assert.deepEqual([call.state, call.scene, call.answered, call.userData], ['billed', 'callback', true, 'order-7']);
  assert.deepEqual([call.operation, call.appKey, call.talkSeconds], ['create_voice_callback', 'app-key-0001', 71]);
  assert.ok(call.placedAt instanceof Date);
  assert.deepEqual(
    call.legs.map(({ leg, number, state }) => [leg, number, state]),
    [
      ['a', A, 'answered'],
      ['b', B, 'answered'],
    ],
  );
  assert.deepEqual(call.legs[1].answeredAt, new Date('2026-01-27T03:04:38Z'));
  assert.deepEqual(
    call.digits.map(({ keys }) => keys),
    ['1'],
  );
  assert.deepEqual(call.ending.at, new Date('2026-01-27T03:05:49Z'));
  assert.equal(call.ending.explanation.cause.field, 'ulFailReason');
  assert.ok(call.timeline.length > 3 && call.timeline.every(({ at }) => at instanceof Date));
  assert.ok(call.cdrs[0] instanceof Cdr);
  assert.equal(call.cdrs[0].icid, 'c-1');
  assert.deepEqual([call.conflicts, call.unknownEvents], [0, []]);
  assert.doesNotMatch(inspect(call), /1380000002[12]|order-7/);
});

test('calls come in pages, and the filter is checked before the store is asked', async (t) => {
  const intake = newIntake(t);
  const ends = (at) => `2026-01-27 03:04:${String(at).padStart(2, '0')}`;
  const records = Array.from({ length: 25 }, (_, at) => ({
    sessionId: `s-${at}`,
    callEndTime: ends(at),
    calleeNum: A,
  }));
  await intake.receive({}, cdrPush(...records));
  const seen = [];
  for await (const call of intake.calls({ limit: 10, number: A })) seen.push(call.sessionId);
  assert.deepEqual(seen, records.map(({ sessionId }) => sessionId).reverse());
  const page = await intake.page({ limit: 10, state: 'billed' });
  assert.deepEqual([page.calls.length, (await intake.page({ limit: 20, after: page.next })).next], [10, undefined]);
  const from = new Date('2026-01-27T03:04:20.500Z');
  assert.equal((await intake.page({ from, until: '2026-01-27T03:04:22Z' })).calls.length, 2);

  const unknown = await rejection(intake.page({ colour: 'red' }));
  assert.deepEqual([unknown.kind, unknown.field], ['invalid_argument', '/colour']);
  assert.equal((await rejection(intake.page({ state: 'happy' }))).field, '/state');
  assert.equal((await rejection(intake.page({ limit: 0 }))).field, '/limit');
  assert.match(
    (await rejection(intake.page({ limit: '10' }))).message,
    /^filter\.limit must be an integer, not a string$/,
  );
  assert.match((await rejection(intake.page({ from: new Date(NaN) }))).message, /^filter\.from must be a valid Date/);
});

test('an attempt whose outcome is unknown is settled by the push that brings its mark back', async (t) => {
  const intake = newIntake(t);
  const there = await peer(t, silent);
  const client = clientOf(there.endpoint);
  t.after(() => client.close());
  const request = { ...notification, userData: 'alarm-1' };
  const error = await rejection(intake.place(client, 'createVoiceNotification', request, { timeoutMs: 100 }));
  assert.deepEqual([error.kind, error.delivery], ['timeout', 'unknown']);
  const [open, ...others] = await intake.unsettled(0);
  assert.deepEqual(
    [open.state, open.attemptTag, open.sessionId, others],
    ['attempted', error.attemptTag, undefined, []],
  );
  assert.deepEqual(await intake.unsettled(), [], 'not before the platform has given up on its CDR');
  const { userData } = JSON.parse(there.requests[0].body);
  assert.equal(userData, `alarm-1-${error.attemptTag}`);
  await intake.receive({}, statusPush('answer', 's-9', { userData }));
  const [call, ...more] = await intake.unsettled(0);
  assert.deepEqual([call.sessionId, call.attemptTag, call.userData, more], ['s-9', error.attemptTag, 'alarm-1', []]);
});

test('what was placed is registered, and what rang nobody is forgotten', async (t) => {
  const intake = newIntake(t);
  const answers = [answersPlaced, platform(403, '1010040')];
  const there = await peer(t, (...exchange) => answers.shift()(...exchange));
  const client = clientOf(there.endpoint);
  t.after(() => client.close());
  const placed = await intake.place(client, 'createVoiceNotification', notification);
  assert.equal(placed.sessionId, 'session-1');
  assert.equal((await rejection(intake.place(client, 'createVoiceNotification', notification))).delivery, 'answered');
  for (const options of [{ timeoutMs: '5' }, { signal: AbortSignal.abort('before') }])
    await rejection(intake.place(client, 'createVoiceNotification', notification, options));
  assert.deepEqual(
    (await intake.unsettled(0)).map(({ sessionId }) => sessionId),
    ['session-1'],
  );

  const { tag, request } = await intake.attempt('createVoiceNotification', { ...notification, userData: 'x' });
  assert.equal(request.userData, `x-${tag}`);
  assert.equal((await intake.unsettled(0)).length, 2);
  await intake.withdraw(tag);
  assert.equal((await intake.unsettled(0)).length, 1);
  assert.equal((await rejection(intake.withdraw('no tag'))).kind, 'invalid_argument');
  assert.equal(await rejection(intake.withdraw(newAttemptTag()).then(() => Promise.reject('done'))), 'done');
  const stop = await rejection(intake.attempt('terminateCall', { sessionid: '1' }));
  assert.match(stop.message, /operation must be one of createVoiceCallback, createVoiceNotification/);
  const wrong = await rejection(intake.attempt('createVoiceNotification', { displayNbr: 7 }));
  assert.match(wrong.message, /^request\.displayNbr must be a string, not a number$/);
});

test('sums, prices and files of CDRs', async (t) => {
  const intake = newIntake(t);
  await intake.receive(
    {},
    cdrPush(callbackCdr, { ...callbackCdr, sessionId: 's-2', icid: 'c-2', userData: undefined }),
  );
  const tariff = { perMinute: '0.18', currency: 'CNY' };
  const totals = await intake.totals({ by: ['month', 'userData'], tariff });
  assert.deepEqual(
    totals.map(({ month, userData, calls }) => [month, userData, calls]),
    [
      ['2026-01', undefined, 1],
      ['2026-01', 'order-7', 1],
    ],
  );
  const [all] = await intake.totals({ from: '2026-01-27', tariff });
  const minutes = all.billableMinutes;
  assert.deepEqual([all.calls, all.answered, all.talkSeconds], [2, 2, 142]);
  assert.deepEqual([all.price.amount, all.price.currency], [(0.18 * minutes).toFixed(2), 'CNY']);
  assert.equal((await intake.totals({ by: 'displayNumber', userData: 'nobody' })).length, 0);
  assert.match((await rejection(intake.totals({ by: ['colour'] }))).message, /month, appKey, displayNumber, userData/);

  const path = join(folder, 'export.csv');
  writeFileSync(path, 'an older file');
  assert.equal(await intake.export(path, { format: 'csv', tariff }), 2);
  const [header, line] = readFileSync(path, 'utf8').split('\r\n');
  assert.ok(header.startsWith('session_id,icid') && line.startsWith('s-1,c-1'));
  const lines = join(folder, 'export.ndjson');
  await intake.export(lines, { userData: 'order-7' });
  assert.equal(JSON.parse(readFileSync(lines, 'utf8')).record.icid, 'c-1');
  const pieces = [];
  for await (const piece of intake.exportPieces({ format: 'csv', tariff })) pieces.push(piece);
  assert.deepEqual(Buffer.concat(pieces), readFileSync(path));
  assert.equal((await rejection(intake.exportPieces({ format: 'xml' }).next())).kind, 'invalid_argument');
  const nowhere = await rejection(intake.export(join(folder, 'no', 'such', 'folder')));
  assert.deepEqual([nowhere.kind, nowhere.delivery], ['storage', 'not_sent']);
  const failed = join(folder, 'failed.csv');
  assert.equal((await rejection(intake.export(failed, { format: 'xml' }))).kind, 'invalid_argument');
  assert.equal((await rejection(intake.export(failed, { from: 'yesterday, noon' }))).field, '/from');
  assert.ok(!readdirSync(folder).some((name) => name.startsWith('failed.csv')));
  assert.equal(await rejection(intake.export(failed, { signal: AbortSignal.abort('enough') })), 'enough');
});

test('what is old is deleted, and only that', async (t) => {
  const intake = newIntake(t);
  await intake.receive(
    {},
    cdrPush(callbackCdr, { ...callbackCdr, sessionId: 's-2', callEndTime: '2026-02-01 00:00:00' }),
  );
  assert.deepEqual(await intake.purge(new Date('2026-01-31')), { calls: 1, attempts: 0, others: 0 });
  assert.deepEqual([await intake.call('s-1'), (await intake.call('s-2')).state], [undefined, 'billed']);
  assert.match((await rejection(intake.purge('2026-01-31'))).message, /^before must be a Date, not a string$/);
  await intake.check();
  await intake.probe();
});

test('numbers can be kept as hashes, and are still found', async (t) => {
  const intake = newIntake(t, { numbersKey: 'example-secret-0001' });
  const { newCdrs } = await intake.receive({}, cdrPush(callbackCdr));
  assert.equal(newCdrs[0].calleeNum, A);
  const [call] = (await intake.page({ number: A })).calls;
  assert.match(call.legs[0].number, /^#[0-9a-f]{24}$/);
  assert.deepEqual([call.legs[0].number, call.cdrs[0].calleeNum], Array(2).fill(await intake.storedNumber(A)));
});

test('a wait ends with the push that it waits for', async (t) => {
  const intake = newIntake(t);
  const waits = ['answered', 'b_answered', 'billed'].map((condition) => intake.waitFor('s-1', condition));
  await intake.receive({}, statusPush('answer', 's-1'));
  assert.equal((await waits[0]).state, 'answered');
  await intake.receive({}, cdrPush(callbackCdr));
  assert.deepEqual([(await waits[1]).state, (await waits[2]).state], ['billed', 'billed']);
  assert.equal((await intake.waitFor('s-1')).state, 'billed');
});

test('a wait ends in time, when it is in vain, and when it is given up', async (t) => {
  const intake = newIntake(t);
  assert.equal(await intake.waitFor('s-1', 'placed', { timeoutMs: 20 }), undefined);
  await intake.receive({}, cdrPush({ sessionId: 's-1', callEndTime: '2026-01-27 03:04:49', calleeNum: A }));
  assert.equal(await intake.waitFor('s-1', 'a_answered'), undefined);
  const giveUp = new AbortController();
  const wait = rejection(intake.waitFor('s-2', 'billed', { signal: giveUp.signal }));
  giveUp.abort('enough');
  assert.equal(await wait, 'enough');
  assert.equal(await rejection(intake.waitFor('s-2', 'billed', { signal: AbortSignal.abort('before') })), 'before');
  const unknown = await rejection(intake.waitFor('s-2', 'happy'));
  assert.deepEqual([unknown.kind, /attempted, placed, .*digits/.test(unknown.message)], ['invalid_argument', true]);
  assert.match((await rejection(intake.waitFor(7))).message, /^sessionId must be a string, not a number$/);
  assert.match((await rejection(intake.waitFor('s', 'billed', { timeoutMs: 0 }))).message, /options\.timeoutMs/);
});

test('closing finishes what was begun, ends waits, and lets go of the file', async () => {
  const store = newStore();
  const intake = new Intake({ store });
  const wait = rejection(intake.waitFor('s-1'));
  const receipts = Array.from({ length: 100 }, (_, at) => intake.receive({}, cdrPush({ sessionId: `s-${at + 2}` })));
  await Promise.all([intake.close(), intake.close()]);
  assert.equal((await wait).kind, 'closed');
  assert.ok((await Promise.all(receipts)).every(({ accepted }) => accepted === 1));
  const late = await rejection(intake.receive({}, cdrPush({ sessionId: '1' })));
  assert.deepEqual([late.kind, late.delivery], ['closed', 'not_sent']);
  const file = store.slice('sqlite:'.length);
  assert.ok(!readdirSync('/proc/self/fd').some((fd) => linkOf(fd).startsWith(file)));
  const again = await Intake.open({ store });
  assert.equal((await again.totals())[0].calls, 100);
  await again[Symbol.asyncDispose]();
});

function linkOf(fd) {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}

test('what cannot be opened says why, either way of opening', async () => {
  const damaged = join(folder, 'damaged.db');
  writeFileSync(damaged, 'this is no database, and never was one, however long it is made');
  for (const open of [(options) => new Intake(options), (options) => Intake.open(options)]) {
    const failure = (options) => rejection((async () => open(options))());
    assert.deepEqual(pick(await failure({ store: 'calls.db' })), ['configuration', '/store']);
    assert.deepEqual(pick(await failure({ store: 'postgres://127.0.0.1/calls' })), ['configuration', '/store']);
    assert.deepEqual(pick(await failure({ store: newStore(), numbersKey: 'short' })), ['configuration', '/numbersKey']);
    assert.deepEqual(pick(await failure({ store: `sqlite:${damaged}` })), ['storage', undefined]);
    assert.match((await failure({ store: 7 })).message, /^options\.store must be a string, not a number$/);
    assert.match((await failure({ store: newStore(), webhook: {} })).message, /^options\.webhook must be a Webhook/);
  }
});

const pick = ({ kind, field }) => [kind, field];

test(
  'a receiver that is killed has stored what it acknowledged, and stores the rest when it comes again',
  { timeout: 60_000 },
  async (t) => {
    const store = newStore();
    const program = fileURLToPath(new URL('./support/intake-receiver.mjs', import.meta.url));
    const acknowledged = new Set();
    const bodyOf = (name) => cdrPush({ sessionId: `${name}-a`, icid: 'i' }, { sessionId: `${name}-b`, icid: 'i' });
    const rounds = 5;
    for (let round = 0; round < rounds; round += 1) {
      const child = spawn(process.execPath, [program, store], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [port] = await once(child.stdout, 'data');
      const url = `http://127.0.0.1:${parseInt(port, 10)}`;
      const enough = 3 + round * 4;
      let answers = 0;
      const pushes = Array.from({ length: 40 }, async (_, at) => {
        const name = `${round}-${at}`;
        try {
          const { status } = await fetch(url, { method: 'POST', body: bodyOf(name) });
          if (status === 200) acknowledged.add(name);
        } catch {
          return; // The receiver died before it answered.
        }
        if ((answers += 1) === enough) child.kill('SIGKILL');
      });
      const exit = once(child, 'exit');
      await Promise.all(pushes);
      await exit;
    }
    assert.ok(acknowledged.size >= 3 * rounds);
    const intake = newIntake(t, { store });
    for (const name of acknowledged) {
      for (const leg of ['a', 'b']) assert.equal((await intake.call(`${name}-${leg}`))?.cdrs.length, 1, name);
    }
    const names = Array.from({ length: rounds * 40 }, (_, at) => `${Math.floor(at / 40)}-${at % 40}`);
    await Promise.all(names.map((name) => intake.receive({}, bodyOf(name))));
    assert.equal((await intake.totals())[0].calls, rounds * 80);
    await intake.check();
  },
);

test('fs and dns do not wait for a hundred waits', async (t) => {
  const intake = newIntake(t);
  const waits = Array.from({ length: 100 }, (_, at) => rejection(intake.waitFor(`s-${at}`)));
  const begun = performance.now();
  await Promise.all([
    fs.stat(folder),
    dns.promises.lookup('localhost'),
    intake.receive({}, cdrPush({ sessionId: '1' })),
  ]);
  // With libuv's threads or the receiving ones taken, any of these would wait for a minute.
  assert.ok(performance.now() - begun < 10_000);
  await intake.close();
  assert.ok((await Promise.all(waits)).every(({ kind }) => kind === 'closed'));
});

test('several worker threads keep pushes in one file, and one may be terminated', async (t) => {
  const store = newStore();
  const file = new URL('./support/intake-worker.mjs', import.meta.url);
  const start = (worker, waits) => new Worker(file, { workerData: { store, worker, waits } });
  const workers = [start('x'), start('y'), start('z')];
  const exits = workers.map((worker) => once(worker, 'exit'));
  const counts = await Promise.all(workers.map((worker) => once(worker, 'message')));
  assert.deepEqual(counts, [[20], [20], [20]]);
  await Promise.all(exits);
  const terminated = start('t', 10);
  await once(terminated, 'message');
  await terminated.terminate();
  const intake = newIntake(t, { store });
  assert.equal((await intake.totals())[0].calls, 80);
});

test('a process ends when nothing is in flight, though the intake is open', async () => {
  const program = fileURLToPath(new URL('./support/keeps-and-ends.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, newStore()], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (piece) => (output += piece));
  assert.deepEqual(await once(child, 'close'), [0, null]);
  assert.equal(output, '1\nno open handles\n');
});
