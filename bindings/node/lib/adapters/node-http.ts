// `voicecall/node-http`: a listener for Node's own HTTP server.

import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Intake } from '../intake/intake.js';
import type { Webhook } from '../webhook/webhook.js';
import { handle, type Handlers, type IntakeHandlers, type Receiver, type WebhookHandlers } from './handle.js';
import { readBody } from './read-body.js';
import { send } from './send.js';

export type { IntakeHandlers, WebhookHandlers } from './handle.js';

type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * A request listener that receives pushes.
 *
 * @example
 * http.createServer(webhookListener(webhook, { onEvent: store })).listen(8080);
 * http.createServer(webhookListener(intake)).listen(8080);
 */
export function webhookListener(webhook: Webhook, handlers: WebhookHandlers): Listener;
export function webhookListener(intake: Intake, handlers?: IntakeHandlers): Listener;
export function webhookListener(receiver: Receiver, handlers: Handlers = {}): Listener {
  return async (request, response) => {
    try {
      const body = await readBody(request);
      send(response, await handle(receiver, request.headers, body, handlers));
    } catch (error) {
      handlers.onError?.(error);
      // Nobody is there to answer to when the sender left in the middle of its body.
      if (!request.complete) return void response.destroy();
      if (!handlers.onError) process.emitWarning(error as Error);
      response.writeHead(500).end();
    }
  };
}
