// What an event says when its fields are taken together, as the core concludes it.

import type { Recording } from '../generated/types.js';

/** One code and what it means. A code that no table has is a value without meaning, not an error. */
export interface Cause {
  /** Name of the field that holds the code. */
  readonly field: string;
  readonly code: number;
  /** The table that has the code, or would have it; absent for a SIP status, of which the platform has no table. */
  readonly table?: string;
  /** The platform's name for it, in Chinese. */
  readonly nameZh?: string;
  readonly meaning?: string;
  readonly advice?: string;
}

/** Why a call ended as it did. */
export interface Explanation {
  /** The call was connected and ended normally. */
  readonly succeeded: boolean;
  /** The code that says most. */
  readonly cause: Cause;
  /** What the other codes add. */
  readonly details: readonly Cause[];
}

/** One leg of a call: the platform and one phone. */
export interface Leg {
  /** `a` is the first leg, or the only one; `b` the second leg of a callback. */
  readonly leg: 'a' | 'b';
  /** The called number. Personal data. */
  readonly number?: string;
  /** The number shown to the called party. */
  readonly displayNumber?: string;
  readonly answered: boolean;
  /** Seconds from the answer to the end of the call: 0 when unanswered, absent when the record has no end. */
  readonly talkSeconds?: number;
  /** Whole minutes, each started minute counted. */
  readonly billableMinutes?: number;
  /** Whether this leg's start of billing is inferred: true but for leg `b`. The bill decides. */
  readonly inferred: boolean;
}

/** Price of one minute of one leg. Prices change, so there is no default. */
export interface Tariff {
  /** Decimal text of at most 18 digits, e.g. `0.18`. */
  readonly perMinute: string;
  /** E.g. `CNY`. */
  readonly currency: string;
}

/** What a call costs. */
export interface Price {
  /** The exact amount as decimal text, with as many decimals as the tariff. */
  readonly amount: string;
  readonly currency: string;
  /** Whether the minutes behind it are inferred. */
  readonly inferred: boolean;
}

/** A recording at a direct address. Whoever has it can listen; do not log it. */
export interface DirectRecording {
  readonly recordFileDownloadUrl: string;
}

/** All conclusions of a CDR. */
export interface CdrSummary {
  /** What kind of call it was; nothing in a record tells notifications and verification codes (`play`) apart. */
  readonly scene: 'callback' | 'play' | 'unknown';
  readonly answered: boolean;
  readonly talkSeconds?: number;
  readonly legs: readonly Leg[];
  readonly billableMinutes?: number;
  readonly recording?: Recording | DirectRecording;
  readonly explanation?: Explanation;
}
