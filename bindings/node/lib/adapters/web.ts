// `voicecall/web`: from a web-standard `Request` to a `Response`, as Hono, Next.js, Deno and workers have them.

import type { Webhook } from '../webhook/webhook.js';
import { handle, type WebhookHandlers } from './handle.js';
import { readWebBody } from './read-web-body.js';

export type { WebhookHandlers } from './handle.js';

/**
 * A function that receives pushes.
 *
 * @example
 * export const POST = webhookFetch(webhook, { onEvent: store }); // Next.js, app router
 * app.post('/voice/status', (c) => receive(c.req.raw)); // Hono, with receive = webhookFetch(…)
 */
export function webhookFetch(webhook: Webhook, handlers: WebhookHandlers): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.bodyUsed) {
      throw new TypeError('the body of this Request was read before: pass the Request on before anything reads it');
    }
    const body = await readWebBody(request);
    const reply = await handle(webhook, request.headers, body, handlers);
    return new Response(reply.body, { status: reply.status, headers: reply.headers });
  };
}
