// What a push says: a union that `eventType` tells apart.

import { checkText } from '../check.js';
import { camelCased, unwrapped } from '../errors.js';
import { CdrFields, EVENT_TYPES, StatusEventFields } from '../generated/records.js';
import type { Recording } from '../generated/types.js';
import { native } from '../native.js';
import type { CdrSummary, DirectRecording, Explanation, Leg, Price, Tariff } from './conclusions.js';
import type { Message } from './record.js';

const inspect = Symbol.for('nodejs.util.inspect.custom');

/** The kinds of event that are about one moment of a call. */
export type StatusEventType = Exclude<(typeof EVENT_TYPES)[number], 'fee'>;

/**
 * A kind of event that this version does not know: any text but the known ones. Only a type, and an enumeration because
 * TypeScript tells the members of a union apart by those, and not by texts with a brand. Assignable to `string`.
 */
export declare enum UnknownEventType {
  Unlisted = '*',
}

/** What a push says. `eventType` tells the members apart. */
export type WebhookEvent = StatusEvent | FeeEvent | UnknownEvent;

type Extra = Readonly<Record<string, unknown>>;

/** One event in the life of a call: it is dialled, rings, is answered, keys are pressed, it ends. */
export class StatusEvent extends StatusEventFields {
  /** What happened. */
  readonly eventType: StatusEventType;
  readonly #text: string;
  readonly #source: string | Uint8Array;

  /** @internal */
  constructor(eventType: StatusEventType, message: Message) {
    super(message, 0);
    this.eventType = eventType;
    this.#text = message.text;
    this.#source = message.source;
  }

  /** The JSON text of the whole message, as it came. Holds personal data. */
  override get raw(): string {
    return this.#text;
  }

  /** The fields that the service's documentation does not describe, as they came. */
  get extra(): Extra {
    return JSON.parse(native.eventExtra(this.#source)) as Extra;
  }

  /** The mark that the library added to the request's user data, if it did: see the setting `attemptTag`. */
  get attemptTag(): string | undefined {
    return native.eventAttemptTag(this.#source) ?? undefined;
  }

  /** The JSON text of one field's value, documented or not, as it came; undefined when the field did not come. */
  rawField(name: string): string | undefined {
    return native.eventRawField(this.#source, checkText(name, 'name')) ?? undefined;
  }

  /** Why the call ended; undefined for an event without `stateCode`. */
  explain(): Explanation | undefined {
    const summary = camelCased(JSON.parse(native.eventSummary(this.#source))) as { explanation?: Explanation };
    return summary.explanation;
  }

  /** All fields under their names, times in RFC 3339. Holds personal data. */
  toJSON(): Record<string, unknown> {
    return JSON.parse(native.eventNatural(this.#source)) as Record<string, unknown>;
  }

  /** For `console.log`: phone numbers masked. */
  [inspect](): string {
    return native.eventShown(this.#source);
  }
}

/** The record of one finished call: what became of it, and what it costs. */
export class Cdr extends CdrFields {
  #summary: CdrSummary | undefined;

  /** The fields that the service's documentation does not describe, as they came. */
  get extra(): Extra {
    return JSON.parse(native.cdrExtra(this.raw)) as Extra;
  }

  /** The mark that the library added to the request's user data, if it did: see the setting `attemptTag`. */
  get attemptTag(): string | undefined {
    return native.cdrAttemptTag(this.raw) ?? undefined;
  }

  /** The JSON text of one field's value, documented or not, as it came; undefined when the field did not come. */
  rawField(name: string): string | undefined {
    return native.cdrRawField(this.raw, checkText(name, 'name')) ?? undefined;
  }

  /** What kind of call it was; nothing in a record tells notifications and verification codes (`play`) apart. */
  get scene(): CdrSummary['scene'] {
    return this.#concluded().scene;
  }

  /** Whether the call reached the person it was for: B in a callback, else the callee. */
  get answered(): boolean {
    return this.#concluded().answered;
  }

  /** How long the parties could talk: 0 when there was no answer, undefined when the record does not tell. */
  get talkSeconds(): number | undefined {
    return this.#concluded().talkSeconds;
  }

  /** The legs of the call: A and B of a callback, else one. */
  get legs(): readonly Leg[] {
    return this.#concluded().legs;
  }

  /** The billable minutes of all legs; undefined when the record does not tell. See `inferred` of the legs. */
  get billableMinutes(): number | undefined {
    return this.#concluded().billableMinutes;
  }

  /** Where the call's recording is, for `client.downloadRecording`; undefined when there is none. Kept for 7 days. */
  get recording(): Recording | DirectRecording | undefined {
    return this.#concluded().recording;
  }

  /** Why the call ended; undefined when the record holds no code at all. */
  explain(): Explanation | undefined {
    return this.#concluded().explanation;
  }

  /**
   * What the call costs: its billable minutes times the tariff; undefined when the record does not tell the minutes.
   *
   * @throws VoiceCallError of kind `configuration` when `perMinute` is no plain decimal number.
   */
  price(tariff: Tariff): Price | undefined {
    const perMinute = checkText(tariff.perMinute, 'tariff.perMinute');
    const currency = checkText(tariff.currency, 'tariff.currency');
    return (JSON.parse(unwrapped(() => native.cdrPrice(this.raw, perMinute, currency))) as Price | null) ?? undefined;
  }

  /** All fields under their names, times in RFC 3339. Holds personal data. */
  toJSON(): Record<string, unknown> {
    return JSON.parse(native.cdrNatural(this.raw)) as Record<string, unknown>;
  }

  /** For `console.log`: phone numbers masked. */
  [inspect](): string {
    return native.cdrShown(this.raw);
  }

  #concluded(): CdrSummary {
    this.#summary ??= summary(native.cdrSummary(this.raw));
    return this.#summary;
  }
}

/** A record of a CDR push that could not be read. Store its raw text: it is a CDR too. */
export interface RejectedRecord {
  /** Position in the message's list of records. */
  readonly index: number;
  /** JSON pointer to what is at fault, e.g. `/feeLst/1/callEndTime`. */
  readonly field: string;
  readonly reason: string;
  /** The JSON text of the record, as it came. Holds personal data. */
  readonly raw: string;
}

/**
 * The CDRs of calls that ended in the same second, 1 to 50 of them. A record that cannot be read is told in `rejected` and
 * never costs its neighbours.
 */
export class FeeEvent {
  readonly eventType = 'fee';
  /** The records that could be read, in the order of the message. */
  readonly cdrs: readonly Cdr[];
  /** The records that could not be read. */
  readonly rejected: readonly RejectedRecord[];
  readonly #text: string;
  readonly #source: string | Uint8Array;

  /** @internal */
  constructor(message: Message, records: number, stride: number, rejected: readonly RejectedRecord[]) {
    // `Array.from` with a function takes 3 µs more for 50 records, a twentieth of the whole.
    const cdrs: Cdr[] = [];
    for (let index = 0; index < records; index += 1) cdrs.push(new Cdr(message, index * stride));
    this.cdrs = cdrs;
    this.rejected = rejected;
    this.#text = message.text;
    this.#source = message.source;
  }

  /** The JSON text of the whole message, as it came. Holds personal data. */
  get raw(): string {
    return this.#text;
  }

  /** The fields beside the records that the service's documentation does not describe, as they came. */
  get extra(): Extra {
    return JSON.parse(native.eventExtra(this.#source)) as Extra;
  }

  /** All fields under their names, times in RFC 3339. Holds personal data. */
  toJSON(): Record<string, unknown> {
    return JSON.parse(native.eventNatural(this.#source)) as Record<string, unknown>;
  }

  /** For `console.log`: phone numbers masked. */
  [inspect](): string {
    return native.eventShown(this.#source);
  }
}

/** A push of a kind that this version does not know: kept as it came. Acknowledge it like any other. */
export class UnknownEvent {
  /** The platform's name for it. */
  readonly eventType: UnknownEventType;
  /** The call that it is about, where it says so in the place that status events use. */
  readonly sessionId: string | undefined;
  readonly #text: string;
  readonly #source: string | Uint8Array;

  /** @internal */
  constructor(eventType: string, sessionId: string | undefined, text: string, source: string | Uint8Array) {
    this.eventType = eventType as UnknownEventType;
    this.sessionId = sessionId;
    this.#text = text;
    this.#source = source;
  }

  /** The JSON text of the whole message, as it came. May hold personal data. */
  get raw(): string {
    return this.#text;
  }

  /** All fields beside `eventType`, as they came. */
  get extra(): Extra {
    return JSON.parse(native.eventExtra(this.#source)) as Extra;
  }

  /** `eventType` and the mark `unknown`: nothing is promised about what else came. */
  toJSON(): Record<string, unknown> {
    return JSON.parse(native.eventNatural(this.#source)) as Record<string, unknown>;
  }

  /** For `console.log`: shows no field, since which of them are personal is unknown. */
  [inspect](): string {
    return native.eventShown(this.#source);
  }
}

/** `recording` has the names of a request, the rest the names of attributes. */
function summary(text: string): CdrSummary {
  return camelCased(JSON.parse(text)) as CdrSummary;
}
