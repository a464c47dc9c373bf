// What a check of a push's signature found.

import type { CreatedZone, DigestForm } from '../generated/enumerations.js';

/** What a check of a push's signature found; `verdict` tells the members apart. */
export type Verdict = ValidVerdict | OpenVerdict | RefusedVerdict;

/**
 * The signature holds. It does not cover the body: it shows that the sender knows the secret, so check that the session id
 * is that of a call that was placed.
 */
export interface ValidVerdict {
  readonly verdict: 'valid';
  /** Key of the application that signed. */
  readonly appKey: string;
  /** The registered address that the signature covers. */
  readonly url: string;
  /** What the digest was made over. */
  readonly form: DigestForm;
  /** The zone in which its time is recent; absent when in neither, as with a CDR that came again. */
  readonly zone?: CreatedZone;
  /** Which of the application's secrets it was made with: 0 for the one that was set first. */
  readonly secretIndex: number;
  /**
   * The same push was received before, byte for byte. Its event is handed over again, because the first time may have come to
   * nothing.
   */
  readonly repeated: boolean;
}

/** There is no signature and none is required, or signatures are not checked. */
export interface OpenVerdict {
  readonly verdict: 'unsigned' | 'not_checked';
  /** For `unsigned`: what to log of it. */
  readonly message?: string;
}

/** The push is not accepted. */
export interface RefusedVerdict {
  readonly verdict: 'refused';
  /** What is wrong. */
  readonly reason:
    'missing_header' | 'unreadable_header' | 'unknown_application' | 'digest_mismatch' | 'stale' | 'replayed';
  /** The same as a sentence, with the usual cause. Names no digest. */
  readonly message: string;
  /** What is nearly right: where to look for the mistake. */
  readonly hint?: 'trailing_slash' | 'other_application';
  /** For `stale`: how far the signature's time is behind the clock; negative when ahead. */
  readonly ageSeconds?: number;
}
