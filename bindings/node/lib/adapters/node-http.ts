// `voicecall/node-http`: a listener for Node's own HTTP server.

import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Webhook } from '../webhook/webhook.js';
import { handle, type WebhookHandlers } from './handle.js';
import { readBody } from './read-body.js';
import { send } from './send.js';

export type { WebhookHandlers } from './handle.js';

/**
 * A request listener that receives pushes.
 *
 * @example
 * http.createServer(webhookListener(webhook, { onEvent: store })).listen(8080);
 */
export function webhookListener(
  webhook: Webhook,
  handlers: WebhookHandlers,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    try {
      const body = await readBody(request);
      send(response, await handle(webhook, request.headers, body, handlers));
    } catch (error) {
      // The sender went away in the middle of its body. There is nobody to answer to.
      handlers.onError?.(error);
      response.destroy();
    }
  };
}
