// `voicecall/express`: a handler for a route of Express 4 or 5.

import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Intake } from '../intake/intake.js';
import type { Webhook } from '../webhook/webhook.js';
import type { RawBody } from '../webhook/body.js';
import { handle, type Handlers, type IntakeHandlers, type Receiver, type WebhookHandlers } from './handle.js';
import { readBody } from './read-body.js';
import { send } from './send.js';

export type { IntakeHandlers, WebhookHandlers } from './handle.js';

/** A request that a body parser may have read. */
type MaybeParsed = IncomingMessage & { readonly body?: unknown };

type Handler = (request: MaybeParsed, response: ServerResponse, next: (error?: unknown) => void) => Promise<void>;

/**
 * A request handler that receives pushes. It reads the raw body itself: mount it before `express.json()`, or behind
 * `express.raw({ type: () => true })`.
 *
 * @example
 * app.post('/voice/status', webhookHandler(webhook, { onEvent: store }));
 * app.post('/voice/fee', webhookHandler(intake));
 */
export function webhookHandler(webhook: Webhook, handlers: WebhookHandlers): Handler;
export function webhookHandler(intake: Intake, handlers?: IntakeHandlers): Handler;
export function webhookHandler(receiver: Receiver, handlers: Handlers = {}): Handler {
  return async (request, response, next) => {
    try {
      send(response, await handle(receiver, request.headers, await rawBody(request), handlers));
    } catch (error) {
      next(error);
    }
  };
}

/** What a raw or text parser kept, else the stream; a stream that is read already has been parsed. */
async function rawBody(request: MaybeParsed): Promise<RawBody> {
  const untouched = request.body === undefined && !request.readableEnded;
  return untouched ? await readBody(request) : (request.body as RawBody);
}
