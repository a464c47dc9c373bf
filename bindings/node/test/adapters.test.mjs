// The adapters, each behind its real framework and over a real socket.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import 'reflect-metadata';
import { createAdaptorServer } from '@hono/node-server';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import express from 'express';
import express4 from 'express4';
import fastify from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import { Intake, Webhook } from 'voicecall';
import { webhookHandler } from 'voicecall/express';
import { webhookPlugin } from 'voicecall/fastify';
import { webhookMiddleware } from 'voicecall/koa';
import { webhookListener } from 'voicecall/node-http';
import { Sandbox, signPush } from 'voicecall/testing';
import { webhookFetch } from 'voicecall/web';

const application = { appKey: 'app-key-0001', appSecret: 'example-secret-0001' };
const registered = 'https://push.example.com/status';
const status = '{"eventType":"answer","statusInfo":{"sessionId":"语-1"}}';
const fee = '{"eventType":"fee","feeLst":[{"sessionId":"1"},{"sessionId":"2"}]}';

const webhook = () => new Webhook({ urls: [registered], applications: [application], policy: 'require' });

const folder = mkdtempSync(join(tmpdir(), 'voicecall-adapters-'));
after(() => rmSync(folder, { recursive: true }));

/** A store of its own for each test. */
function newIntake(t, name) {
  const intake = new Intake({ store: `sqlite:${join(folder, `${name.replace(/\W/g, '-')}.db`)}`, webhook: webhook() });
  t.after(() => intake.close());
  return intake;
}

/** What came, and what to do with it. */
function recorder(onEvent = () => {}) {
  const events = [];
  const errors = [];
  return {
    events,
    errors,
    handlers: {
      async onEvent(event) {
        events.push(event);
        await onEvent(event);
      },
      onError: (error) => errors.push(error),
    },
  };
}

async function listen(t, server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/** Both generations of Express, behind what may have read a request before the receiver. */
const expressBehind =
  (framework, ...middleware) =>
  async (t, handlers, receiver = webhook(), drain = undefined) => {
    const app = framework();
    if (drain) app.use((request, _response, next) => drain(request).then(() => next(), next));
    for (const before of middleware) app.use(before(framework));
    app.post('/voice', webhookHandler(receiver, handlers));
    app.use((error, _request, response, _next) => response.status(500).send(error.message));
    return `${await listen(t, http.createServer(app))}/voice`;
  };

const raw = ({ raw }) => raw({ type: () => true, limit: '2mb' });
// What NestJS and the functions of cloud providers do, too.
const jsonAndRawBody = ({ json }) =>
  json({ type: () => true, limit: '2mb', verify: (request, _response, bytes) => (request.rawBody = bytes) });
// Express 4 leaves `{}` in the body of a request that is none of its parser's.
const jsonOfOthers = ({ json }) => json({ type: 'application/other' });

/** Each framework: gives the address at which `handlers` get the webhooks of `receiver`, behind what `drain` has read. */
const frameworks = {
  'node:http': (t, handlers, receiver = webhook(), drain = undefined) => {
    const listener = webhookListener(receiver, handlers);
    return listen(
      t,
      http.createServer(async (request, response) => {
        if (drain) await drain(request);
        await listener(request, response);
      }),
    );
  },

  'Express 5': expressBehind(express),
  'Express 4': expressBehind(express4),
  'Express 5 behind a parser of other types': expressBehind(express, jsonOfOthers),
  'Express 4 behind a parser of other types': expressBehind(express4, jsonOfOthers),
  'Express 5 behind express.raw': expressBehind(express, raw),
  'Express 4 behind express.raw': expressBehind(express4, raw),

  Koa: async (t, handlers, receiver = webhook(), drain = undefined) => {
    const app = new Koa();
    app.on('error', (error) => handlers.onError(error));
    if (drain) app.use(({ req }, next) => drain(req).then(next));
    app.use(webhookMiddleware(receiver, handlers));
    return listen(t, http.createServer(app.callback()));
  },

  NestJS: async (t, handlers, receiver = webhook(), drain = undefined) => {
    class App {}
    // What the decorator does.
    Module({})(App);
    const logger = { log() {}, warn() {}, error: (message) => handlers.onError(new Error(message)) };
    const app = await NestFactory.create(App, { logger });
    if (drain) app.use((request, _response, next) => drain(request).then(() => next()));
    // NestJS puts its own parsers behind what is used before it listens.
    app.use('/voice', webhookHandler(receiver, handlers));
    await app.listen(0, '127.0.0.1');
    t.after(() => app.close());
    return `${await app.getUrl()}/voice`;
  },

  Fastify: async (t, handlers, receiver = webhook(), drain = undefined) => {
    const app = fastify();
    app.post('/json', async (request) => request.body);
    if (drain) app.addHook('onRequest', (request) => drain(request.raw));
    app.register(webhookPlugin, {
      prefix: '/voice',
      ...(receiver instanceof Intake ? { intake: receiver } : { webhook: receiver }),
      ...handlers,
    });
    t.after(() => app.close());
    return `${await app.listen({ port: 0, host: '127.0.0.1' })}/voice`;
  },

  Hono: async (t, handlers, receiver = webhook(), drain = undefined) => {
    const receive = webhookFetch(receiver, handlers);
    const app = new Hono();
    if (drain) app.use((context, next) => drain(context.req.raw.body).then(next));
    app.post('/voice', (context) => receive(context.req.raw));
    app.onError((error, context) => context.text(error.message, 500));
    return `${await listen(t, createAdaptorServer(app))}/voice`;
  },
};

/** What middleware does that passes nothing on. */
async function drain(stream) {
  for await (const _ of stream);
}

const push = (url, body, headers = signPush({ ...application, url: registered })) =>
  fetch(url, { method: 'POST', headers, body });

for (const [name, start] of Object.entries(frameworks)) {
  test(`${name}: an event is handled, then acknowledged as its kind wants`, async (t) => {
    const { events, handlers } = recorder();
    const url = await start(t, handlers);
    const first = await push(url, status);
    assert.deepEqual([first.status, await first.text()], [200, '']);
    const second = await push(url, fee);
    assert.deepEqual([second.status, await second.json()], [200, { resultcode: '0', resultdesc: 'Success' }]);
    assert.equal(second.headers.get('content-type').replace(' ', '').toLowerCase(), 'application/json;charset=utf-8');
    assert.deepEqual([events[0].sessionId, events[1].cdrs.length], ['语-1', 2]);
  });

  test(`${name}: what could not be stored is asked for again`, async (t) => {
    const { errors, handlers } = recorder(() => Promise.reject(new Error('the disk is full')));
    const answer = await push(await start(t, handlers), fee);
    assert.equal(answer.status, 503);
    assert.equal(errors[0].message, 'the disk is full');
  });

  test(`${name}: a bad signature and a bad body never get to the handler`, async (t) => {
    const { events, errors, handlers } = recorder();
    const url = await start(t, handlers);
    assert.equal((await push(url, status, { 'content-type': 'application/json' })).status, 401);
    assert.equal((await push(url, '{"eventType":')).status, 500);
    assert.equal((await push(url, '')).status, 400);
    assert.deepEqual(
      errors.map(({ kind }) => kind),
      ['signature', 'malformed_webhook', 'malformed_webhook'],
    );
    assert.equal(events.length, 0);
  });

  test(`${name}: a body beyond all bounds is refused, one at the bound is read`, async (t) => {
    const { events, handlers } = recorder();
    const url = await start(t, handlers);
    assert.equal((await push(url, status.padEnd(1024 * 1024 - 2))).status, 200);
    assert.ok([400, 413].includes((await push(url, status.padEnd(1024 * 1024 + 4096))).status));
    assert.equal(events.length, 1);
  });

  test(`${name}: an intake has stored what is acknowledged, and hands on what is new`, async (t) => {
    const intake = newIntake(t, name);
    const { events, errors, handlers } = recorder();
    const stored = [];
    const onEvent = async (event, receipt) => {
      await handlers.onEvent(event);
      for (const { sessionId } of receipt.newCdrs) stored.push((await intake.call(sessionId)).cdrs.length);
      throw new Error('too late to be sent again');
    };
    const url = await start(t, { ...handlers, onEvent }, intake);
    for (let time = 0; time < 2; time += 1) {
      const answer = await push(url, fee);
      assert.deepEqual([answer.status, await answer.json()], [200, { resultcode: '0', resultdesc: 'Success' }]);
    }
    assert.deepEqual([events.length, stored[0], errors.length], [1, 1, 1]);
    assert.equal((await push(url, status, { 'content-type': 'application/json' })).status, 401);
    assert.equal((await push(url, '{"eventType":')).status, 500);
    assert.deepEqual(
      errors.slice(1).map(({ kind }) => kind),
      ['signature', 'malformed_webhook'],
    );
    await intake.close();
    assert.equal((await push(url, fee)).status, 503);
    assert.equal(errors.at(-1).kind, 'closed');
  });
}

for (const [name, start] of Object.entries(frameworks)) {
  test(`${name}: a body that something has read before is not acknowledged`, async (t) => {
    const intake = newIntake(t, `${name} drained`);
    const errors = [];
    const answer = await push(await start(t, { onError: (error) => errors.push(error) }, intake, drain), fee);
    assert.equal(answer.status, 500);
    const cure = /put the receiver before every body parser/;
    // The parser of Express 4 notices first.
    const expected = name === 'Express 4 behind express.raw' ? /stream is not readable/ : cure;
    assert.match(errors.at(0)?.message ?? (await answer.text()), expected);
    assert.equal(await intake.call('1'), undefined);
  });

  test(`${name}: a webhook that arrived whole is stored though its sender has left`, async (t) => {
    const intake = newIntake(t, `${name} left`);
    const { hostname, port, pathname } = new URL(await start(t, {}, intake));
    for (const leave of ['end', 'destroy', 'resetAndDestroy']) {
      const body = fee.replaceAll('"sessionId":"', `"sessionId":"${leave}-`);
      const headers = { host: hostname, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      Object.assign(headers, signPush({ ...application, url: registered }));
      const lines = Object.entries(headers).map(([header, value]) => `${header}: ${value}\r\n`);
      const socket = connect(port, hostname);
      socket.on('error', () => {});
      await once(socket, 'connect');
      const written = new Promise((resolve) =>
        socket.write(`POST ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n${body}`, resolve),
      );
      await written;
      socket[leave]();
      assert.ok(await intake.waitFor(`${leave}-2`, 'billed', { timeoutMs: 20_000 }), leave);
    }
  });

  test(`${name}: the platform's own webhooks arrive`, async (t) => {
    const sandbox = await platform();
    // The address of a receiver is known when it listens, and the signature covers it.
    let intake;
    const late = new Intake({ store: `sqlite:${join(folder, `${name.replace(/\W/g, '-')}-early.db`)}` });
    t.after(() => late.close());
    late.receive = (...given) => intake.receive(...given);
    const url = await start(t, {}, late);
    const { appKey, appSecret } = sandbox;
    const judge = new Webhook({ urls: [url], applications: [{ appKey, appSecret }], policy: 'require' });
    intake = new Intake({ store: `sqlite:${join(folder, `${name.replace(/\W/g, '-')}-own.db`)}`, webhook: judge });
    t.after(() => intake.close());
    const client = sandbox.client();
    t.after(() => client.close());
    const { sessionId } = await client.createVoiceNotification({
      displayNbr: sandbox.displayNumbers[0],
      calleeNbr: '+8613800000041',
      playInfoList: [{ notifyVoice: sandbox.voiceFiles[0], collectInd: 1 }],
      statusUrl: url,
      feeUrl: url,
    });
    const call = await intake.waitFor(sessionId, 'billed', { timeoutMs: 20_000 });
    assert.deepEqual(
      call?.timeline.map(({ what }) => what),
      ['calling', 'ringing', 'answered', 'digits', 'ended'],
    );
  });
}

/** One platform for all tests. */
let started;
const platform = () => (started ??= Sandbox.start({ speed: 60 }));
after(async () => (await started)?.stop());

test('Express: rawBody is used where it is bytes', async (t) => {
  for (const framework of [express, express4]) {
    const { events, handlers } = recorder();
    const url = await expressBehind(framework, jsonAndRawBody)(t, handlers);
    assert.equal((await push(url, status)).status, 200);
    assert.equal(events[0].sessionId, '语-1');
  }
});

test('Express: a body that express.json has read gives an error that says how to get the raw one', async (t) => {
  const { handlers } = recorder();
  const app = express();
  app.use(express.json());
  app.post('/voice', webhookHandler(webhook(), handlers));
  let told;
  app.use((error, _request, response, _next) => {
    told = error;
    response.sendStatus(500);
  });
  const answer = await push(`${await listen(t, http.createServer(app))}/voice`, status);
  assert.equal(answer.status, 500);
  assert.ok(told instanceof TypeError);
  assert.match(told.message, /read before the receiver got it.*express\.raw/);
});

test('Fastify: other routes keep their parsers', async (t) => {
  const { handlers } = recorder();
  const url = await frameworks.Fastify(t, handlers);
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url.replace('/voice', '/json'), { method: 'POST', headers, body: '{"a":1}' });
  assert.deepEqual(await answer.json(), { a: 1 });
});

test('web: a Request that was read before gives an error that says so', async () => {
  const request = new Request('http://localhost/', { method: 'POST', body: status });
  await request.text();
  await assert.rejects(webhookFetch(webhook(), recorder().handlers)(request), /was read before.*pass the Request on/);
});

test('an intake needs no handlers', async (t) => {
  const url = await listen(t, http.createServer(webhookListener(newIntake(t, 'no handlers'))));
  assert.equal((await push(url, fee)).status, 200);
});

test('node:http: a sender that goes away in the middle is told to the handler and leaves the server up', async (t) => {
  const { errors, handlers } = recorder();
  const server = http.createServer(webhookListener(webhook(), handlers));
  const url = await listen(t, server);
  const broken = http.request(url, { method: 'POST', headers: { 'content-length': 100 } });
  broken.on('error', () => {});
  broken.write('{');
  const [, response] = await once(server, 'request');
  const closed = once(response, 'close');
  broken.destroy();
  await closed;
  assert.equal((await push(url, status)).status, 200);
  assert.equal(errors.length, 1);
});
