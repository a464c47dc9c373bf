// All language-neutral cases, through the package that users install.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { findCode, parseWebhook, VoiceCallError, Webhook } from 'voicecall';
import { readAnswer, signPush, signRequest } from 'voicecall/testing';

import { assertError, bodyOf, casesOf, runAll, withoutNulls } from './support/vectors.mjs';

function caught(run) {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
}

test('requests', () => {
  let wrongTypes = 0;
  runAll('requests', ({ given, expected }) => {
    const config = {
      appKey: given.config.app_key,
      appSecret: given.config.app_secret,
      endpoint: given.config.endpoint,
      createdZone: given.config.created_zone,
      validation: given.validation,
    };
    const options = { nonce: given.nonce, now: new Date(given.time * 1000) };
    const { value, error } = caught(() => signRequest(config, given.operation, given.arguments, options));
    // A wrong JavaScript type is a TypeError that names the argument.
    if (expected.error?.rule === 'type' && error instanceof TypeError) {
      const path = expected.error.field
        .slice(1)
        .replace(/\/(\d+)/g, '[$1]')
        .replaceAll('/', '.');
      assert.ok(error.message.startsWith(`request.${path} must be `), `${error.message} names ${path}`);
      wrongTypes += 1;
    } else if (expected.error) assertError(error, expected.error);
    else if (error) throw error;
    else assert.deepEqual(value, expected);
  });
  assert.ok(wrongTypes > 10, `${wrongTypes} wrong types`);
});

test('responses', () => {
  runAll('responses', ({ given, expected }) => {
    const location = Object.entries(given.headers ?? {}).find(([name]) => name.toLowerCase() === 'location')?.[1];
    const answer = { status: given.http_status, location, body: bodyOf(given) };
    const { value, error } = caught(() => readAnswer(given.operation, answer));
    if (expected.error) return assertError(error, expected.error);
    if (error) throw error;
    assert.deepEqual(natural(value), expected.value);
  });
});

/** As the cases have a result: undocumented fields beside the others. */
function natural(result) {
  if (result === null) return {};
  if (typeof result === 'string') return { url: result };
  const { extra, ...fields } = result;
  return { ...fields, ...extra };
}

test('webhooks', () => {
  runAll('webhooks', ({ given, expected }) => {
    const { value: event, error } = caught(() => parseWebhook(bodyOf(given)));
    if (expected.error) return assertError(error, expected.error);
    if (error) throw error;
    if (expected.counts) {
      const counts = { feeLst: event.cdrs.length, rejected: event.rejected.length };
      return assert.deepEqual(counts, expected.counts);
    }
    const told = event.toJSON();
    for (const record of told.rejected ?? []) delete record.reason;
    assert.deepEqual(told, expected.event);
    assertFieldsAgree(event, expected.event);
  });
});

/** What the getters read in place is what the core says in its natural form. */
function assertFieldsAgree(event, expected) {
  const records = event.cdrs ?? (expected.unknown ? [] : [event]);
  const naturals = expected.feeLst ?? [expected];
  for (const [index, record] of records.entries()) {
    const getters = gettersOf(record);
    for (const [name, value] of Object.entries(naturals[index])) {
      if (!getters.has(name)) continue;
      const read = record[name] instanceof Date ? record[name].toISOString().replace('.000Z', 'Z') : record[name];
      assert.deepEqual(read, value, name);
    }
    for (const name of getters) {
      if (!(name in naturals[index])) assert.equal(record[name], undefined, name);
    }
    // The natural form has one place for a name, and the kind of the event takes it; `extra` keeps what came beside.
    const { eventType: _, ...extra } = record.extra;
    const documented = new Set([...getters, 'eventType']);
    const beside = Object.entries(naturals[index]).filter(([name]) => !documented.has(name));
    for (const [name, value] of Object.entries(extra)) assert.deepEqual(Object.fromEntries(beside)[name], value);
  }
}

/** The fields that are declared: those of the generated class. */
function gettersOf(record) {
  const generated = Object.getPrototypeOf(Object.getPrototypeOf(record));
  return new Set(Object.keys(Object.getOwnPropertyDescriptors(generated)).filter((name) => name !== 'constructor'));
}

test('CDRs', () => {
  runAll('cdrs', ({ given, expected }) => {
    const [cdr] = parseWebhook(JSON.stringify({ eventType: 'fee', feeLst: [given.record] })).cdrs;
    const explanation = cdr.explain();
    assert.deepEqual(
      withoutNulls({
        scene: cdr.scene,
        answered: cdr.answered,
        legs: cdr.legs.map((leg) => ({
          leg: leg.leg,
          number: leg.number,
          answered: leg.answered,
          talk_seconds: leg.talkSeconds,
          billable_minutes: leg.billableMinutes,
          inferred: leg.inferred,
        })),
        billable_minutes: cdr.billableMinutes,
        price: cdr.price({ perMinute: given.tariff, currency: 'CNY' })?.amount,
        explanation: explanation && {
          table: explanation.cause.table,
          code: String(explanation.cause.code),
          meaning: explanation.cause.meaning,
        },
      }),
      withoutNulls(expected),
    );
  });
});

test('signatures', () => {
  const bodies = casesOf('webhooks');
  const bodyOfEvent = {
    status: bodyOf(bodies[0].given),
    fee: bodyOf(bodies.find(({ id }) => id === 'webhook.fee-callback-official').given),
  };
  runAll('signatures', ({ given, expected }) => {
    const applications = Object.entries(given.applications).flatMap(([appKey, secrets]) =>
      [secrets].flat().map((appSecret) => ({ appKey, appSecret })),
    );
    const milliseconds = (seconds) => (seconds === undefined ? undefined : seconds * 1000);
    const [toleranceMs, cdrToleranceMs] = [given.tolerance_s, given.cdr_tolerance_s].map(milliseconds);
    const { policy, urls } = given;
    const webhook = new Webhook({ policy, urls, applications, toleranceMs, cdrToleranceMs });
    const now = new Date(given.now * 1000);
    const body = bodyOfEvent[given.event];
    const present = (nonce, seenBody) => {
      const seen = webhook.receive(signPush({ ...applications[0], url: given.urls[0], nonce, now }), seenBody, { now });
      assert.equal(seen.verdict.verdict, 'valid');
    };
    for (const nonce of given.seen_nonces ?? []) present(nonce, Buffer.concat([body, Buffer.from(' ')]));
    for (const nonce of given.seen_pushes ?? []) present(nonce, body);
    const { verdict, reply, events, error } = webhook.receive(given.headers, body, { now });
    const told = {
      verdict: verdict.verdict,
      reply_status: reply.status,
      form: verdict.form,
      url: verdict.url,
      secret_index: verdict.secretIndex,
      repeated: verdict.repeated,
      reason: verdict.reason,
      hint: verdict.hint,
    };
    assert.deepEqual(withoutNulls(told), withoutNulls(expected));
    assert.equal(events.length, verdict.verdict === 'refused' ? 0 : 1);
    assert.equal(error?.kind, verdict.verdict === 'refused' ? 'signature' : undefined);
  });
});

test('signing', () => {
  runAll('signing', ({ given, expected }) => {
    const config = { appKey: given.app_key, appSecret: given.secret, createdZone: given.zone };
    const options = { nonce: given.nonce, now: new Date(given.time * 1000) };
    const { headers } = signRequest(config, 'terminate_call', { sessionid: '1' }, options);
    const token = headers['x-aksk'];
    assert.equal(token, expected.x_aksk);
    assert.equal(/PasswordDigest="([^"]*)"/.exec(token)[1], expected.digest);
    assert.equal(/Created="([^"]*)"/.exec(token)[1], expected.created);
  });
});

test('codes', () => {
  runAll('codes', ({ given, expected }) => {
    const found = findCode(given.table, given.code, { httpStatus: given.http_status, text: given.text });
    // Nothing is known of it, so nothing speaks for trying again.
    const unknown = { known: false, outdated: false, ...(given.table === 'result' && { retry: 'never' }) };
    const told = found && {
      known: true,
      meaning: found.meaning,
      advice: found.advice,
      retry: found.retry,
      outdated: found.outdated,
    };
    assert.deepEqual(withoutNulls(told ?? unknown), withoutNulls(expected));
  });
});

test('an error of a case is an instance of the one class', () => {
  assert.ok(caught(() => parseWebhook('{')).error instanceof VoiceCallError);
});
