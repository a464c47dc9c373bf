// What a receiver is told of pushes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';

import { Cdr, FeeEvent, parseWebhook, StatusEvent, UnknownEvent, Webhook } from 'voicecall';
import { signPush } from 'voicecall/testing';

const application = { appKey: 'app-key-0001', appSecret: 'example-secret-0001' };
const url = 'https://push.example.com/status';
const now = new Date('2019-01-24T03:04:24Z');

const disconnect = JSON.stringify({
  eventType: 'disconnect',
  statusInfo: {
    timestamp: '2019-01-24 03:04:24',
    sessionId: 'session-1',
    caller: '+8613800000022',
    called: '+8613800000021',
    stateCode: 7001,
    stateDesc: '用户挂机 😀',
    trunk: { id: 5 },
  },
});

const fee = (...records) => JSON.stringify({ eventType: 'fee', feeLst: records });

test('eventType tells the members of the union apart', () => {
  const status = parseWebhook(disconnect);
  assert.ok(status instanceof StatusEvent);
  assert.deepEqual([status.eventType, status.sessionId, status.stateCode], ['disconnect', 'session-1', 7001]);
  const cdrs = parseWebhook(fee({ sessionId: '1' }));
  assert.ok(cdrs instanceof FeeEvent && cdrs.cdrs[0] instanceof Cdr);
  const unknown = parseWebhook('{"eventType":"callin","statusInfo":{"sessionId":"s"},"more":1}');
  assert.ok(unknown instanceof UnknownEvent);
  assert.deepEqual([unknown.eventType, unknown.sessionId], ['callin', 's']);
  assert.deepEqual(unknown.extra, { more: 1, statusInfo: { sessionId: 's' } });
});

test('fields are read in place, whatever stands before them', () => {
  const status = parseWebhook(disconnect);
  assert.equal(status.stateDesc, '用户挂机 😀');
  assert.deepEqual(status.timestamp, now);
  assert.equal(status.digitInfo, undefined);
  assert.deepEqual(status.extra, { trunk: { id: 5 } });
  assert.equal(status.rawField('timestamp'), '"2019-01-24 03:04:24"');
  assert.equal(status.rawField('nothing'), undefined);
  assert.equal(status.raw, disconnect);
});

test('a later push does not change an earlier event', () => {
  const first = parseWebhook(disconnect);
  const body = Buffer.from(fee({ sessionId: '1', hostName: 'host-1' }, { sessionId: '2', hostName: 'host-2' }));
  const second = parseWebhook(body);
  body.fill(0);
  parseWebhook('{"eventType":"callin"}');
  assert.deepEqual([first.sessionId, first.stateCode], ['session-1', 7001]);
  assert.deepEqual(
    second.cdrs.map((cdr) => cdr.hostName),
    ['host-1', 'host-2'],
  );
});

test('escapes, large numbers and far times are exact', () => {
  const [cdr] = parseWebhook(
    '{"eventType":"fee","feeLst":[{"sessionId":"a\\"b\\u8bed","ttsPlayTimes":9007199254740991,"direction":"-1","callEndTime":"9999-12-31 23:59:59","failTime":"0000-01-01 00:00:00"}]}',
  ).cdrs;
  assert.equal(cdr.sessionId, 'a"b语');
  assert.deepEqual([cdr.ttsPlayTimes, cdr.direction], [9007199254740991, -1]);
  assert.equal(cdr.callEndTime.toISOString(), '9999-12-31T23:59:59.000Z');
  assert.equal(cdr.failTime.toISOString(), '0000-01-01T00:00:00.000Z');
});

test('a message with more records than the usual ones is read whole', () => {
  const records = Array.from({ length: 1000 }, (_, index) => ({ sessionId: `s-${index}`, hostName: `h-${index}` }));
  const { cdrs } = parseWebhook(fee(...records));
  assert.equal(cdrs.length, 1000);
  assert.deepEqual([cdrs[999].sessionId, cdrs[999].hostName], ['s-999', 'h-999']);
});

test('a bad record costs its neighbours nothing, and its text is kept', () => {
  const event = parseWebhook(fee({ sessionId: '1' }, { callEndTime: 'soon' }, { sessionId: '3' }));
  assert.deepEqual(
    event.cdrs.map((cdr) => cdr.sessionId),
    ['1', '3'],
  );
  const [rejected] = event.rejected;
  assert.deepEqual([rejected.index, rejected.field], [1, '/feeLst/1/sessionId']);
  assert.equal(rejected.raw, '{"callEndTime":"soon"}');
});

test('a CDR says where its recording is and what it costs', () => {
  const [stored] = parseWebhook(
    fee({ sessionId: '1', recordObjectName: 'a.wav', recordDomain: 'ostor.example.com' }),
  ).cdrs;
  assert.deepEqual(stored.recording, { fileName: 'a.wav', recordDomain: 'ostor.example.com' });
  const address = 'https://ostor.example.com/a.wav';
  const [direct] = parseWebhook(fee({ sessionId: '1', recordFileDownloadUrl: address })).cdrs;
  assert.deepEqual(direct.recording, { recordFileDownloadUrl: address });
  assert.equal(parseWebhook(fee({ sessionId: '1' })).cdrs[0].recording, undefined);
  assert.throws(() => stored.price({ perMinute: '0,18', currency: 'CNY' }), { kind: 'configuration' });
});

test('why a call ended', () => {
  const explanation = parseWebhook(disconnect).explain();
  assert.deepEqual([explanation.succeeded, explanation.cause.code, explanation.cause.table], [false, 7001, 'state']);
  assert.ok(explanation.cause.meaning);
  assert.equal(parseWebhook('{"eventType":"answer","statusInfo":{"sessionId":"1"}}').explain(), undefined);
});

test('what is printed is masked, what is asked for is whole', () => {
  const events = [parseWebhook(disconnect), parseWebhook(fee({ sessionId: '1', calleeNum: '+8613800000021' }))];
  const shown = inspect([...events, events[1].cdrs[0]], { depth: 9 });
  assert.ok(shown.includes('*0021') && !shown.includes('13800000021'), shown);
  assert.equal(JSON.parse(JSON.stringify(events[0])).called, '+8613800000021');
});

test('a valid signature is told with its address, and belongs to one body', () => {
  const webhook = new Webhook({ urls: [url], applications: [application] });
  const headers = signPush({ ...application, url, now });
  const { events, verdict, reply, error } = webhook.receive(headers, disconnect, { now });
  assert.deepEqual([events.length, error], [1, undefined]);
  const valid = { verdict: 'valid', appKey: 'app-key-0001', url, form: 'newest', zone: 'utc', secretIndex: 0 };
  assert.deepEqual(verdict, { ...valid, repeated: false });
  assert.deepEqual([reply.status, reply.body], [200, '']);
  const repetition = webhook.receive(headers, disconnect, { now });
  assert.deepEqual([repetition.verdict, repetition.reply.status], [{ ...valid, repeated: true }, 200]);
  const again = webhook.receive(headers, `${disconnect} `, { now });
  assert.deepEqual([again.verdict.reason, again.reply.status, again.events.length], ['replayed', 401, 0]);
  assert.equal(again.error.kind, 'signature');
});

test('headers may come as an object of any case, as lists, as Headers or as pairs', () => {
  const signed = () => signPush({ ...application, url, now });
  const lowerCased = (headers) =>
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const webhook = new Webhook({ urls: [url], applications: [application], policy: 'require' });
  for (const headers of [
    signed(),
    lowerCased(signed()),
    new Headers(signed()),
    Object.entries(signed()),
    new Map(Object.entries(signed())),
    Object.fromEntries(Object.entries(signed()).map(([name, value]) => [name, [value]])),
  ]) {
    assert.equal(webhook.receive(headers, disconnect, { now }).verdict.verdict, 'valid');
  }
  const twice = [...Object.entries(signed()), ...Object.entries(signed())];
  assert.equal(webhook.receive(twice, disconnect, { now }).verdict.reason, 'unreadable_header');
});

test('an address that is nearly right is told, never the digest', () => {
  const webhook = new Webhook({ urls: [`${url}/`], applications: [application] });
  const headers = signPush({ ...application, url, now });
  const { verdict, error } = webhook.receive(headers, disconnect, { now });
  assert.deepEqual([verdict.reason, verdict.hint], ['digest_mismatch', 'trailing_slash']);
  const digest = /PasswordDigest="([^"]*)"/.exec(headers['X-AKSK'])[1];
  assert.ok(!inspect([verdict, error, webhook]).includes(digest));
});

test('the clock judges where no time is given', () => {
  const webhook = new Webhook({ urls: [url], applications: [application] });
  assert.equal(webhook.receive(signPush({ ...application, url }), disconnect).verdict.verdict, 'valid');
  assert.equal(webhook.receive(signPush({ ...application, url, now }), disconnect).verdict.reason, 'stale');
});

test('replies are what the platform expects, and cannot be changed by one push for the next', () => {
  const webhook = new Webhook();
  const { reply } = webhook.receive({}, fee({ sessionId: '1' }));
  assert.equal(reply.body, '{"resultcode":"0","resultdesc":"Success"}');
  assert.throws(() => (reply.headers['X'] = '1'), TypeError);
  assert.equal(Webhook.retry.status, 503);
  assert.equal(webhook.receive({}, '{').reply.status, 500);
});

test('a body may be a Buffer, any Uint8Array or a string', () => {
  const bytes = new Uint8Array(Buffer.from(`  ${disconnect}`)).subarray(2);
  for (const body of [Buffer.from(disconnect), bytes, disconnect]) {
    assert.equal(parseWebhook(body).stateDesc, '用户挂机 😀');
  }
});
