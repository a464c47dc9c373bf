// Compiled, never run: what must compile does, what must not is marked. Both as ESM and as CommonJS.

import {
  CalleeMedia,
  Client,
  findCode,
  Intake,
  parseWebhook,
  VoiceCallError,
  Webhook,
  type Call,
  type Cdr,
  type Delivery,
  type ErrorKind,
  type FeeEvent,
  type PlacedCall,
  type Receipt,
  type StatusEvent,
  type UnknownEvent,
  type VoiceCallback,
  type WebhookEvent,
} from 'voicecall';
import { webhookHandler } from 'voicecall/express';
import { webhookPlugin } from 'voicecall/fastify';
import { webhookListener } from 'voicecall/node-http';
import { Sandbox } from 'voicecall/testing';
import { webhookFetch } from 'voicecall/web';

import express from 'express';
import { fastify } from 'fastify';
import { Hono } from 'hono';
import http from 'node:http';
import { Readable } from 'node:stream';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const isTrue = <T extends true>(): T | undefined => undefined;

export async function calls(client: Client, signal: AbortSignal): Promise<void> {
  const callback: VoiceCallback = {
    displayNbr: '+867550000088',
    callerNbr: '+8613800000021',
    displayCalleeNbr: '+867550000088',
    calleeNbr: '+8613800000022',
    maxDuration: 30,
    recordFlag: true,
    calleeMedia: CalleeMedia.Fail,
    lastMinToUE: 'a value of next year',
    extra: { bindNbr: '+867550000099' },
  };
  const placed = await client.createVoiceCallback(callback, { signal, timeoutMs: 5000 });
  isTrue<Equal<typeof placed, PlacedCall>>();
  isTrue<Equal<typeof placed.sessionId, string>>();
  isTrue<Equal<typeof placed.idlePort, number | undefined>>();
  isTrue<Equal<Awaited<ReturnType<Client['terminateCall']>>, void>>();
  isTrue<Equal<Awaited<ReturnType<Client['getRecordingDownloadUrl']>>, string>>();
  await client.terminateCall(placed.sessionId);

  // @ts-expect-error a mandatory field is missing
  await client.createVoiceCallback({ displayNbr: '+867550000088' });
  // @ts-expect-error a number is no string
  await client.createVoiceCallback({ ...callback, calleeNbr: 8613800000022 });
  // @ts-expect-error no such field: undocumented ones go into `extra`
  await client.createVoiceCallback({ ...callback, calleNbr: '+8613800000022' });
  // @ts-expect-error true, not the wire's text
  await client.createVoiceCallback({ ...callback, recordFlag: 'true' });
  // @ts-expect-error the answer is not to be written to
  placed.sessionId = 'x';
  // @ts-expect-error a client needs key and secret
  new Client({ appKey: 'k' });
  // @ts-expect-error no such setting
  new Client({ appKey: 'k', appSecret: 's', verifyTls: false });
  await using closed = client;
  void closed;
}

export function errors(error: unknown): Delivery | undefined {
  if (!(error instanceof VoiceCallError)) return undefined;
  const kind: ErrorKind = error.kind;
  switch (kind) {
    case 'rejected':
      isTrue<Equal<typeof error.resultCode, string | undefined>>();
      break;
    // @ts-expect-error no such kind
    case 'rejectd':
      break;
  }
  // @ts-expect-error attributes are read only
  error.kind = 'rejected';
  return error.delivery;
}

export function events(event: WebhookEvent): string {
  switch (event.eventType) {
    case 'fee':
      isTrue<Equal<typeof event, FeeEvent>>();
      return event.cdrs.map((cdr: Cdr) => `${cdr.sessionId} ${cdr.callEndTime?.toISOString()}`).join();
    case 'disconnect':
      isTrue<Equal<typeof event, StatusEvent>>();
      isTrue<Equal<typeof event.stateCode, number | undefined>>();
      isTrue<Equal<typeof event.timestamp, Date | undefined>>();
      return event.sessionId;
    case 'callout':
    case 'alerting':
    case 'answer':
    case 'collectInfo':
      return event.digitInfo ?? '';
    default:
      // All known kinds are gone, so this is the one for kinds to come.
      isTrue<Equal<typeof event, UnknownEvent>>();
      return event.raw;
  }
}

export function receiving(webhook: Webhook, body: Uint8Array): number {
  const { events: received, verdict, reply } = webhook.receive(new Headers(), body);
  webhook.receive({ 'x-aksk': 'a', 'set-cookie': ['b'] }, 'text', { now: new Date() });
  webhook.receive([['x-aksk', 'a']], body);
  if (verdict.verdict === 'refused') isTrue<Equal<typeof verdict.ageSeconds, number | undefined>>();
  // @ts-expect-error only a valid signature has an address
  if (verdict.verdict === 'unsigned') void verdict.url;
  // @ts-expect-error a parsed body is no raw body
  webhook.receive({}, { eventType: 'fee' });
  // @ts-expect-error neither is it here
  parseWebhook({});
  new Webhook({
    policy: 'require',
    urls: ['https://push.example.com'],
    applications: [{ appKey: 'k', appSecret: 's' }],
  });
  // @ts-expect-error an application has a secret
  new Webhook({ applications: [{ appKey: 'k' }] });
  return reply.status + received.length;
}

export function adapters(webhook: Webhook): void {
  const handlers = { onEvent: async (event: WebhookEvent) => void event };
  http.createServer(webhookListener(webhook, handlers));
  express().post('/voice', webhookHandler(webhook, handlers));
  fastify().register(webhookPlugin, { prefix: '/voice', webhook, ...handlers });
  const receive = webhookFetch(webhook, handlers);
  new Hono().post('/voice', (context) => receive(context.req.raw));
  // @ts-expect-error a handler is needed
  webhookListener(webhook, {});
}

export async function intakes(webhook: Webhook, client: Client, signal: AbortSignal): Promise<void> {
  const intake = new Intake({ store: 'sqlite:calls.db', webhook });
  isTrue<Equal<Awaited<ReturnType<typeof Intake.open>>, Intake>>();
  // @ts-expect-error a store is needed
  new Intake({ webhook });
  // @ts-expect-error settings of a webhook are no webhook
  new Intake({ store: 'sqlite:calls.db', webhook: { policy: 'require' } });
  const receipt = await intake.receive(new Headers(), new Uint8Array());
  isTrue<Equal<typeof receipt, Receipt>>();
  isTrue<Equal<typeof receipt.newCdrs, readonly Cdr[]>>();
  isTrue<Equal<typeof receipt.newEvents, readonly WebhookEvent[]>>();
  const notification = { displayNbr: '1', calleeNbr: '2', playInfoList: [] };
  const { request, tag } = await intake.attempt('createVoiceNotification', notification);
  const placed = await client.createVoiceNotification(request);
  await intake.placed('createVoiceNotification', request, placed, { attemptTag: tag });
  isTrue<Equal<Awaited<ReturnType<typeof intake.place>>, PlacedCall>>();
  // @ts-expect-error not the request of this operation
  await intake.place(client, 'createVoiceCallback', notification);
  // @ts-expect-error it rings nobody
  await intake.attempt('terminateCall', { sessionid: '1' });
  const call = await intake.waitFor('s', 'b_answered', { timeoutMs: 5000, signal });
  isTrue<Equal<typeof call, Call | undefined>>();
  // @ts-expect-error no such condition
  await intake.waitFor('s', 'happy');
  for await (const one of intake.calls({ from: new Date(), until: '2026-01-27', state: 'ended' })) {
    isTrue<Equal<typeof one, Call>>();
    if (one.ending?.hungUp === 'a') one.legs.map(({ leg, answeredAt }) => `${leg} ${answeredAt?.toISOString()}`);
  }
  const [total] = await intake.totals({ by: ['month', 'appKey'], tariff: { perMinute: '0.18', currency: 'CNY' } });
  total?.price?.amount.padStart(9);
  // @ts-expect-error records have no state
  await intake.export('cdrs.csv', { format: 'csv', state: 'billed' });
  Readable.from(intake.exportPieces({ format: 'csv_for_spreadsheets' }));
  http.createServer(webhookListener(intake));
  express().post('/voice', webhookHandler(intake, { onEvent: (_, { newCdrs }) => void newCdrs }));
  fastify().register(webhookPlugin, { prefix: '/voice', intake });
  void webhookFetch(intake);
  await intake.close();
}

export async function sandboxes(): Promise<string | undefined> {
  const sandbox = await Sandbox.start({ speed: 60 });
  isTrue<Equal<ReturnType<typeof sandbox.client>, Client>>();
  return findCode('state', 7001)?.meaning;
}
