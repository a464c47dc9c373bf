// `voicecall/web`: from a web-standard `Request` to a `Response`, as Hono, Next.js, Deno and workers have them.

import type { Intake } from '../intake/intake.js';
import { alreadyRead } from '../webhook/body.js';
import type { Webhook } from '../webhook/webhook.js';
import { handle, type Handlers, type IntakeHandlers, type Receiver, type WebhookHandlers } from './handle.js';
import { readWebBody } from './read-web-body.js';

export type { IntakeHandlers, WebhookHandlers } from './handle.js';

type Fetch = (request: Request) => Promise<Response>;

/**
 * A function that receives pushes.
 *
 * @example
 * export const POST = webhookFetch(webhook, { onEvent: store }); // Next.js, app router
 * app.post('/voice/status', (c) => receive(c.req.raw)); // Hono, with receive = webhookFetch(…)
 */
export function webhookFetch(webhook: Webhook, handlers: WebhookHandlers): Fetch;
export function webhookFetch(intake: Intake, handlers?: IntakeHandlers): Fetch;
export function webhookFetch(receiver: Receiver, handlers: Handlers = {}): Fetch {
  return async (request) => {
    if (request.bodyUsed) throw alreadyRead();
    const body = await readWebBody(request);
    const reply = await handle(receiver, request.headers, body, handlers);
    return new Response(reply.body, { status: reply.status, headers: reply.headers });
  };
}
