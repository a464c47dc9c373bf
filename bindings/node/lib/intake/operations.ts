// The operations that ring, as an intake registers them.

import type { VoiceCallback, VoiceNotification, VoiceVerificationCode } from '../generated/types.js';

/** What each operation that rings takes. */
export interface Requests {
  createVoiceCallback: VoiceCallback;
  createVoiceNotification: VoiceNotification;
  createVoiceVerificationCode: VoiceVerificationCode;
}

/** Name of an operation that rings. */
export type RingingOperation = keyof Requests;

/** An attempt that is registered, and about to be placed. */
export interface Attempt<Operation extends RingingOperation> {
  /** The mark. */
  readonly attemptTag: string;
  /** The request that carries it in its user data: place this one, with a client that has no `attemptTag` of its own. */
  readonly request: Requests[Operation];
}
