// What every adapter does with a push, whatever its framework.

import type { Intake } from '../intake/intake.js';
import type { Receipt } from '../intake/receipt.js';
import { VoiceCallError } from '../errors.js';
import type { RawBody } from '../webhook/body.js';
import type { WebhookEvent } from '../webhook/events.js';
import type { RequestHeaders } from '../webhook/headers.js';
import { Webhook, type Received, type Reply } from '../webhook/webhook.js';

/** What becomes of pushes that a `Webhook` receives. */
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

/** What becomes of pushes that an `Intake` has stored. */
export interface IntakeHandlers {
  /**
   * Gets an event in which something came for the first time; of CDRs `receipt.newCdrs` are those. It is on the disk
   * already. The answer waits for this, but what it throws does not change it: what is stored is acknowledged.
   */
  onEvent?(event: WebhookEvent, receipt: Receipt): void | Promise<void>;
  /**
   * Told why there is no event (kind `signature`, `malformed_webhook`, or `storage`: the platform is asked to send it
   * again), or what `onEvent` threw. Here is the place to log.
   */
  onError?(error: unknown): void;
}

/** What an adapter receives with. */
export type Receiver = Webhook | Intake;

/** What belongs to either. */
export type Handlers = WebhookHandlers | IntakeHandlers;

/** Receives a push and gives the answer to send. Throws only for a body that is not raw. */
export function handle(receiver: Receiver, headers: RequestHeaders, body: RawBody, handlers: Handlers): Promise<Reply> {
  if (receiver instanceof Webhook) return hand(receiver, headers, body, handlers as WebhookHandlers);
  return keep(receiver, headers, body, handlers as IntakeHandlers);
}

/** Acknowledges what the handler has stored. */
async function hand(
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

/** Acknowledges what the intake has stored. */
async function keep(intake: Intake, headers: RequestHeaders, body: RawBody, handlers: IntakeHandlers): Promise<Reply> {
  let receipt: Receipt;
  try {
    receipt = await intake.receive(headers, body);
  } catch (error) {
    // The intake is closed, or a thread cannot be started: nothing is stored.
    if (!(error instanceof VoiceCallError)) throw error;
    handlers.onError?.(error);
    return Webhook.retry;
  }
  try {
    if (receipt.error) handlers.onError?.(receipt.error);
    for (const event of receipt.newEvents) await handlers.onEvent?.(event, receipt);
  } catch (error) {
    handlers.onError?.(error);
  }
  return receipt.reply;
}
