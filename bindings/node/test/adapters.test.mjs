// The adapters, each behind its real framework and over a real socket.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { Intake, Webhook } from 'voicecall';
import { webhookHandler } from 'voicecall/express';
import { webhookPlugin } from 'voicecall/fastify';
import { webhookListener } from 'voicecall/node-http';
import { signPush } from 'voicecall/testing';
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

/** Each framework: gives the address at which `handlers` get pushes of `receiver`. */
const frameworks = {
  'node:http': (t, handlers, receiver = webhook()) => listen(t, http.createServer(webhookListener(receiver, handlers))),

  Express: async (t, handlers, receiver = webhook()) => {
    const app = express();
    app.post('/voice', webhookHandler(receiver, handlers));
    app.use(express.json());
    return `${await listen(t, http.createServer(app))}/voice`;
  },

  'Express behind express.raw': async (t, handlers, receiver = webhook()) => {
    const app = express();
    app.use(express.raw({ type: () => true, limit: '2mb' }));
    app.post('/voice', webhookHandler(receiver, handlers));
    return `${await listen(t, http.createServer(app))}/voice`;
  },

  Fastify: async (t, handlers, receiver = webhook()) => {
    const app = fastify();
    app.post('/json', async (request) => request.body);
    app.register(webhookPlugin, {
      prefix: '/voice',
      ...(receiver instanceof Intake ? { intake: receiver } : { webhook: receiver }),
      ...handlers,
    });
    t.after(() => app.close());
    return `${await app.listen({ port: 0, host: '127.0.0.1' })}/voice`;
  },

  Hono: async (t, handlers, receiver = webhook()) => {
    const receive = webhookFetch(receiver, handlers);
    const app = new Hono();
    app.post('/voice', (context) => receive(context.req.raw));
    return `${await listen(t, http.createServer(bridge(app)))}/voice`;
  },
};

/** Node's server in front of a function from Request to Response. */
function bridge(app) {
  return async (request, response) => {
    const body = request.method === 'GET' ? undefined : request;
    const url = `http://${request.headers.host}${request.url}`;
    const answer = await app.fetch(
      new Request(url, { method: request.method, headers: request.headers, body, duplex: 'half' }),
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()));
  };
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
    assert.equal((await push(url, '{"eventType":')).status, 400);
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
    assert.equal((await push(url, '{"eventType":')).status, 200);
    assert.deepEqual(
      errors.slice(1).map(({ kind }) => kind),
      ['signature', 'malformed_webhook'],
    );
    await intake.close();
    assert.equal((await push(url, fee)).status, 503);
    assert.equal(errors.at(-1).kind, 'closed');
  });
}

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
  assert.match(told.message, /a body parser has made of it.*express\.raw/);
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
  await assert.rejects(webhookFetch(webhook(), recorder().handlers)(request), /was read before/);
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
