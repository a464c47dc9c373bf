// What became of a push that was received into a store.

import { camelCased, VoiceCallError, type Attributes } from '../errors.js';
import type { Verdict } from '../webhook/verdict.js';
import { parseWebhook, type Reply } from '../webhook/webhook.js';
import { FeeEvent, type Cdr, type WebhookEvent } from '../webhook/events.js';

/** What the addon says of a push; the event stands in its body. */
export interface Told {
  readonly reply: Reply;
  readonly accepted: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly rejected: number;
  readonly new: readonly number[];
  readonly verdict: object;
  readonly error?: Attributes;
  readonly line: string;
}

/** What became of a push, and what to answer. */
export class Receipt {
  /**
   * What to answer. 200 if and only if everything in the push that can be read is safe on the disk, new or known; 500 only
   * when the store could not write, so that the platform sends CDRs again; 401 only when the policy refuses the signature.
   */
  readonly reply: Reply;
  /** How many of its events and CDRs were new. */
  readonly accepted: number;
  /** How many were known; conflicts are among them. */
  readonly duplicates: number;
  /** How many contradict what is known. They are kept beside it. */
  readonly conflicts: number;
  /** How many records could not be read; a body that is no push counts as one. They are kept as they came. */
  readonly rejected: number;
  /** What the check of the signature found. */
  readonly verdict: Verdict;
  /**
   * Why there is no event: kind `signature` or `malformed_webhook`, whose bodies are kept as they came, or `storage`.
   */
  declare readonly error?: VoiceCallError;
  readonly #body: Buffer;
  readonly #new: readonly number[];
  readonly #line: string;
  #events: readonly WebhookEvent[] | undefined;

  /** @internal */
  constructor(body: Buffer, told: Told) {
    this.reply = told.reply;
    this.accepted = told.accepted;
    this.duplicates = told.duplicates;
    this.conflicts = told.conflicts;
    this.rejected = told.rejected;
    this.verdict = camelCased(told.verdict) as Verdict;
    if (told.error) (this as { error?: VoiceCallError }).error = new VoiceCallError(told.error);
    this.#body = body;
    this.#new = told.new;
    this.#line = told.line;
  }

  /** What the push says: one event, or none when there is an `error`. */
  get events(): readonly WebhookEvent[] {
    // Read when it is asked for: the store does not need it.
    this.#events ??= this.error ? [] : [parseWebhook(this.#body)];
    return this.#events;
  }

  /**
   * The event, if something in it came for the first time; none otherwise. Act on these, and what comes twice is acted on
   * once. Of CDRs see `newCdrs`.
   */
  get newEvents(): readonly WebhookEvent[] {
    return this.#new.length > 0 ? this.events : [];
  }

  /** The CDRs that came for the first time. */
  get newCdrs(): readonly Cdr[] {
    const [event] = this.newEvents;
    return event instanceof FeeEvent ? this.#new.flatMap((position) => event.cdrs[position] ?? []) : [];
  }

  /** One line for a log: nothing personal. */
  toString(): string {
    return this.#line;
  }
}
