// `voicecall/koa`: middleware for a route of Koa.

import type { IncomingMessage } from 'node:http';

import type { Intake } from '../intake/intake.js';
import type { Webhook } from '../webhook/webhook.js';
import { handle, type Handlers, type IntakeHandlers, type Receiver, type WebhookHandlers } from './handle.js';
import { rawBodyOf, type Parsed } from './raw-body.js';

export type { IntakeHandlers, WebhookHandlers } from './handle.js';

/** What the middleware needs of a context, so that the package's types need no Koa. */
interface Context {
  readonly req: IncomingMessage;
  readonly request: Parsed;
  status: number;
  body: unknown;
  set(headers: Record<string, string>): void;
}

type Middleware = (context: Context) => Promise<void>;

/**
 * Middleware that receives webhooks. It reads the raw body itself: put it before any body parser.
 *
 * @example
 * router.post('/voice/status', webhookMiddleware(webhook, { onEvent: store }));
 * router.post('/voice/fee', webhookMiddleware(intake));
 */
export function webhookMiddleware(webhook: Webhook, handlers: WebhookHandlers): Middleware;
export function webhookMiddleware(intake: Intake, handlers?: IntakeHandlers): Middleware;
export function webhookMiddleware(receiver: Receiver, handlers: Handlers = {}): Middleware {
  return async (context) => {
    const reply = await handle(receiver, context.req.headers, await rawBodyOf(context.req, context.request), handlers);
    context.status = reply.status;
    context.body = reply.body;
    context.set({ ...reply.headers });
  };
}
