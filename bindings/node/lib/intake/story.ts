// What a store tells of calls: the addon's answers with their times and records as the package has them.

import { camelCased } from '../errors.js';
import type { Explanation, Price } from '../webhook/conclusions.js';
import { FeeEvent, type Cdr } from '../webhook/events.js';
import { parseWebhook } from '../webhook/webhook.js';

const inspect = Symbol.for('nodejs.util.inspect.custom');

/** How far a call is proven to have come. `attempted`: it was tried, and nothing has told the outcome yet. */
export type CallState = 'attempted' | 'placed' | 'calling' | 'ringing' | 'answered' | 'ended' | 'billed';

/** What `waitFor` waits for: a state or a later one, the answer of a leg, or keys. */
export type Condition = CallState | 'a_answered' | 'b_answered' | 'digits';

/** One leg of a call, as status events and CDR tell of it together. */
export interface CallLeg {
  /** `a` is the first leg, or the only one; `b` the second leg of a callback. */
  readonly leg: 'a' | 'b';
  /** The called number, hashed in a store that hashes numbers. Personal data. */
  readonly number?: string;
  /** The number shown there. */
  readonly displayNumber?: string;
  /** How far the leg has come; `waiting` is not called yet. */
  readonly state: 'waiting' | 'calling' | 'ringing' | 'answered';
  readonly callingAt?: Date;
  readonly ringingAt?: Date;
  readonly answeredAt?: Date;
  /** Seconds from the answer to the end; absent before the CDR is here. */
  readonly talkSeconds?: number;
  /** Whole minutes, each started minute counted; absent before the CDR is here. */
  readonly billableMinutes?: number;
}

/** Keys that were pressed after an announcement. */
export interface Digits {
  readonly at?: Date;
  /** The keys; empty when none came. */
  readonly keys: string;
}

/** How a call ended. */
export interface Ending {
  readonly at?: Date;
  /** Who hung up, in the platform's own word; only for callbacks whose request asked for it. */
  readonly partyType?: string;
  /** The leg that hung up first. Inferred. */
  readonly hungUp?: 'a' | 'b';
  /** Why, and what to do: from the CDR if it is here, else from the `disconnect` event. */
  readonly explanation?: Explanation;
}

/** One line of a call's story. */
export interface Moment {
  readonly at: Date;
  readonly what: string;
  readonly leg?: 'a' | 'b';
}

/** Everything that is known about one call: the same whatever the order in which it came, and however often. */
export class Call {
  /** Identifies the call. Absent for an attempt of which nothing has told the outcome. */
  declare readonly sessionId?: string;
  /** The mark by which the attempt is recognised, if it had one. */
  declare readonly attemptTag?: string;
  declare readonly state: CallState;
  /** What kind of call it is. */
  declare readonly scene: 'callback' | 'play' | 'unknown';
  /** Official name of the operation that placed it; known only if the placing was registered. */
  declare readonly operation?: string;
  /** Key of the application; known from the CDR. */
  declare readonly appKey?: string;
  /** The request's user data, without the attempt tag. */
  declare readonly userData?: string;
  /** When it was placed; known only if the placing was registered. */
  declare readonly placedAt?: Date;
  /** Whether the call reached the person it was for: B in a callback, else the callee. */
  declare readonly answered: boolean;
  /** How long the parties could talk; absent before the CDR is here, or when it does not tell. */
  declare readonly talkSeconds?: number;
  /** The billable minutes of all legs; absent before the CDR is here, or when it does not tell. */
  declare readonly billableMinutes?: number;
  /** Whether any of the billable minutes are inferred. */
  declare readonly inferred?: boolean;
  /** The legs: A and B of a callback, else one. */
  declare readonly legs: readonly CallLeg[];
  /** The keys that were pressed, in order of time. */
  declare readonly digits: readonly Digits[];
  /** How it ended; absent while it lives. */
  declare readonly ending?: Ending;
  /** What happened, in order of time. */
  declare readonly timeline: readonly Moment[];
  /** Its detail records: one, if all is well. */
  declare readonly cdrs: readonly Cdr[];
  /** Pushes of kinds that this version does not know, by `eventType`. */
  declare readonly unknownEvents: readonly string[];
  /** How many pushes contradict another about the same thing. They are kept, and do not count. */
  declare readonly conflicts: number;

  /** @internal */
  constructor(told: ToldCall) {
    const { cdrs, ...others } = told;
    const none = { digits: [], unknownEvents: [], conflicts: 0 };
    Object.assign(this, none, withTimes(camelCased(others)), { cdrs: cdrsOf(cdrs) });
  }

  /** For `console.log`: without numbers, keys and user data. */
  [inspect](): object {
    const { sessionId, state, scene, answered, talkSeconds, legs } = this;
    const told = legs.map((leg) => ({ leg: leg.leg, state: leg.state }));
    return { sessionId, state, scene, answered, talkSeconds, legs: told };
  }
}

/** A page of calls. */
export interface CallPage {
  /** The latest first. */
  readonly calls: readonly Call[];
  /** `after` of the question for the next page; absent on the last. */
  readonly next?: string;
}

/** A sum over CDRs. The names of what was grouped by are there, null where the records do not tell. */
export interface Total {
  /** `2026-01`: the month in which the calls ended. */
  readonly month?: string;
  readonly appKey?: string;
  /** The number shown to the first called party. */
  readonly displayNumber?: string;
  /** The request's user data, without the attempt tag. */
  readonly userData?: string;
  /** How many calls. */
  readonly calls: number;
  /** Of these, those that reached the person they were for. */
  readonly answered: number;
  /** Seconds that parties could talk. */
  readonly talkSeconds: number;
  /** Billable minutes of all legs. */
  readonly billableMinutes: number;
  /** Whether any of the minutes are inferred. */
  readonly inferred: boolean;
  /** Calls whose record does not tell the minutes: they are not in the sums. Absent when there are none. */
  readonly withoutMinutes?: number;
  /** What the minutes cost, where a tariff was given. */
  readonly price?: Price;
}

/** What was deleted. */
export interface Purged {
  /** Calls, each with its events, its CDR and what contradicted them. */
  readonly calls: number;
  readonly attempts: number;
  /** Texts that could not be taken, and pushes that name no call. */
  readonly others: number;
}

/** A call as the addon tells it: `cdrs` are JSON texts. */
export interface ToldCall {
  readonly cdrs: readonly string[];
  readonly [attribute: string]: unknown;
}

/** The records of a call, read like those of a push. */
function cdrsOf(records: readonly string[]): readonly Cdr[] {
  if (records.length === 0) return [];
  const push = parseWebhook(`{"eventType":"fee","feeLst":[${records.join(',')}]}`);
  return push instanceof FeeEvent ? push.cdrs : [];
}

/** Attributes whose name says so are times. */
function withTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTimes);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) => {
    const isTime = (name === 'at' || name.endsWith('At')) && typeof member === 'string';
    return [name, isTime ? new Date(member) : withTimes(member)];
  });
  return Object.fromEntries(entries);
}
