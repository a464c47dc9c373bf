// The receiver: headers and raw body in; events, verdict and reply out.

import { checkRecord } from '../check.js';
import { camelCased, unwrapped, VoiceCallError, type Attributes } from '../errors.js';
import { shapes } from '../generated/shapes.js';
import type { WebhookConfig } from '../generated/types.js';
import { native, type NativeWebhook } from '../native.js';
import { secondsOf } from '../time.js';
import { bytesOf, type RawBody } from './body.js';
import type { WebhookEvent } from './events.js';
import { signatureOf, type RequestHeaders } from './headers.js';
import { eventOf, scratch, type Details } from './reading.js';
import type { Verdict } from './verdict.js';

/** The answer to a push, ready to be sent. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text, or empty. */
  readonly body: string;
}

/** What became of a push. */
export interface Received {
  /** What the push says: one event, or none when it was refused or cannot be read. */
  readonly events: readonly WebhookEvent[];
  /** What the check of its signature found. */
  readonly verdict: Verdict;
  /** What to answer, once the events are stored. Answer with `Webhook.retry` when they could not be. */
  readonly reply: Reply;
  /** Why there is no event: kind `signature` or `malformed_webhook`. Keep the raw body then. */
  readonly error?: VoiceCallError;
}

/** The addon's part of a receiver. @internal */
export let nativeOf: (webhook: Webhook) => NativeWebhook;

/**
 * Receives pushes: reads them, checks their signature, and says what to answer. It remembers nonces, so make one and keep
 * it. Ready adapters are in `voicecall/node-http`, `voicecall/express`, `voicecall/fastify` and `voicecall/web`.
 */
export class Webhook {
  /**
   * The answer "please send it again", for events that could not be stored. The platform sends CDRs again after an hour, at
   * most six times; status events are never sent again.
   */
  static readonly retry: Reply = frozen(native.retryReply());

  static {
    nativeOf = (webhook) => webhook.#native;
  }

  readonly #native: NativeWebhook;
  /** The outcome of all pushes that have nothing special is the same. */
  #usual: { text: string; outcome: Outcome } | undefined;

  /**
   * To check signatures it needs `urls` and `applications`; without both it reads pushes and checks nothing.
   *
   * @throws VoiceCallError of kind `configuration`, with the setting at fault in `field`.
   */
  constructor(config: WebhookConfig = {}) {
    checkRecord(config, shapes['WebhookConfig']!, 'config');
    this.#native = unwrapped(() => new native.NativeWebhook(JSON.stringify(config)));
  }

  /**
   * Reads and checks a push. Does no I/O, and throws for wrong types only.
   *
   * @param headers Of the HTTP request, in any letter case: an object as Node has it, web `Headers`, or pairs.
   * @param rawBody The bytes as they came. What a body parser made of them cannot be used.
   * @param options `now`: the time to judge by; the clock's otherwise.
   */
  receive(headers: RequestHeaders, rawBody: RawBody, options: { readonly now?: Date | undefined } = {}): Received {
    const body = bytesOf(rawBody);
    const text = this.#native.receive(signatureOf(headers), body, secondsOf(options.now, 'options.now'), scratch);
    const { verdict, reply, error, details } = this.#outcome(text);
    if (error) return { events: [], verdict, reply, error: new VoiceCallError(error) };
    return { events: [eventOf(body, details)], verdict, reply };
  }

  #outcome(text: string): Outcome {
    if (this.#usual?.text !== text) this.#usual = { text, outcome: outcomeOf(text) };
    return this.#usual.outcome;
  }
}

/**
 * Reads the body of a push without checking any signature.
 *
 * @throws VoiceCallError of kind `malformed_webhook` with the position of the fault.
 */
export function parseWebhook(rawBody: RawBody): WebhookEvent {
  const body = bytesOf(rawBody);
  const details = unwrapped(() => native.parsePush(body, scratch));
  return eventOf(body, details ? (JSON.parse(details) as Details) : {});
}

/** What the addon says of a push beside its integers. */
interface Outcome {
  readonly verdict: Verdict;
  readonly reply: Reply;
  readonly error: Attributes | undefined;
  readonly details: Details;
}

function outcomeOf(text: string): Outcome {
  const { verdict, reply, error, ...details } = JSON.parse(text) as Record<'verdict' | 'reply', object> &
    Details & { error?: Attributes };
  return { verdict: Object.freeze(camelCased(verdict)) as Verdict, reply: freeze(reply as Reply), error, details };
}

function frozen(reply: string): Reply {
  return freeze(JSON.parse(reply) as Reply);
}

/** A reply is shared by many pushes. @internal */
export function freeze(reply: Reply): Reply {
  Object.freeze(reply.headers);
  return Object.freeze(reply);
}
