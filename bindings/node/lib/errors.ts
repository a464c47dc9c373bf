// The one class of errors, and how the addon's errors become it.

import type { Delivery, ErrorKind, Retry, Rule } from './generated/errors.js';

/**
 * Why something failed. `kind` says what happened, `delivery` whether a phone may have rung; the other attributes are there
 * where they apply. Names no secret and no full phone number.
 */
export class VoiceCallError extends Error {
  override readonly name = 'VoiceCallError';
  /** What kind of thing went wrong. Decide by this and by `delivery`, never by `message`. */
  readonly kind: ErrorKind;
  /**
   * Whether the request reached the platform. After `unknown` the phone may be ringing: wait for a webhook, or ask the
   * person, before placing the call again.
   */
  readonly delivery: Delivery;
  /** Whether placing the call again makes sense. */
  readonly retry: Retry;
  /** What to do. */
  readonly advice: string;
  /** JSON pointer to the argument or setting at fault, e.g. `/playInfoList/2/templateParas`. */
  declare readonly field?: string;
  /** The rule that the field breaks. */
  declare readonly rule?: Rule;
  /** What was found at the field, in the unit of the rule. */
  declare readonly measured?: number | string;
  /** The platform's result code; with `invalid_argument` the code that the platform would have answered. */
  declare readonly resultCode?: string;
  /** The platform's text for the result code, phone numbers masked. */
  declare readonly resultDesc?: string;
  /** HTTP status of the answer. */
  declare readonly httpStatus?: number;
  /** The mark by which the call's pushes are recognised, when it was sent with one and its outcome is not known. */
  declare readonly attemptTag?: string;
  /** What the result code means, from the platform's documentation. */
  declare readonly meaning?: string;

  /**
   * @param reason What the caller gave the call up with.
   * @internal
   */
  constructor(attributes: Attributes, reason?: unknown) {
    const { message, cause, ...rest } = attributes;
    const why = reason ?? (cause === undefined ? undefined : new Error(cause));
    super(message, why === undefined ? undefined : { cause: why });
    // The others are only declared: an attribute that does not apply is no property at all.
    const { kind, delivery, retry, advice, ...others } = camelCased(rest) as Record<keyof VoiceCallError, never>;
    this.kind = kind;
    this.delivery = delivery;
    this.retry = retry;
    this.advice = advice;
    Object.assign(this, others);
  }
}

/** An error's attributes as the addon writes them. */
export interface Attributes {
  readonly message: string;
  readonly cause?: string;
  readonly [attribute: string]: unknown;
}

/** Runs a function of the addon; what it throws as JSON text becomes a `VoiceCallError`. */
export function unwrapped<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw fromAddon(error);
  }
}

function fromAddon(error: unknown): unknown {
  if (!(error instanceof Error) || !error.message.startsWith('{')) return error;
  const failure = new VoiceCallError(JSON.parse(error.message) as Attributes);
  Error.captureStackTrace(failure, unwrapped);
  return failure;
}

/** The addon's names (`result_code`) as JavaScript has them (`resultCode`), all the way down. */
export function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [camel(name), camelCased(member)]));
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
