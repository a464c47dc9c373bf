// What every adapter does with a push, whatever its framework.

import type { RawBody } from '../webhook/body.js';
import type { WebhookEvent } from '../webhook/events.js';
import type { RequestHeaders } from '../webhook/headers.js';
import { Webhook, type Received, type Reply } from '../webhook/webhook.js';

/** What becomes of pushes. */
export interface WebhookHandlers {
  /**
   * Stores or handles an event. Only when it is done, and its promise resolved, is the push acknowledged; when it throws
   * or rejects, the platform is asked to send it again.
   */
  onEvent(event: WebhookEvent, received: Received): void | Promise<void>;
  /**
   * Told why there is no event (kind `signature` or `malformed_webhook`), or what `onEvent` threw. Here is the place to log.
   */
  onError?(error: unknown): void;
}

/** Receives a push and gives the answer to send. Throws only for a body that is not raw. */
export async function handle(
  webhook: Webhook,
  headers: RequestHeaders,
  body: RawBody,
  handlers: WebhookHandlers,
): Promise<Reply> {
  const received = webhook.receive(headers, body);
  if (received.error) handlers.onError?.(received.error);
  try {
    for (const event of received.events) await handlers.onEvent(event, received);
    return received.reply;
  } catch (error) {
    handlers.onError?.(error);
    return Webhook.retry;
  }
}
