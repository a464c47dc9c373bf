// `voicecall/express`: a handler for a route of Express 4 or 5.

import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Intake } from '../intake/intake.js';
import type { Webhook } from '../webhook/webhook.js';
import { handle, type Handlers, type IntakeHandlers, type Receiver, type WebhookHandlers } from './handle.js';
import { rawBodyOf, type Parsed } from './raw-body.js';
import { send } from './send.js';

export type { IntakeHandlers, WebhookHandlers } from './handle.js';

type Handler = (
  request: IncomingMessage & Parsed,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => Promise<void>;

/**
 * A request handler that receives webhooks. It reads the raw body itself, or takes it from `request.rawBody` or from
 * `express.raw({ type: () => true })`: mount it before `express.json()`.
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
      send(response, await handle(receiver, request.headers, await rawBodyOf(request, request), handlers));
    } catch (error) {
      next(error);
    }
  };
}
