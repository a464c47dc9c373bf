// The operations that ring, as an intake registers them.

import type { Requests } from '../generated/operations.js';

/** Name of an operation that rings. */
export type RingingOperation = keyof Requests;

/** An attempt that is registered, and about to be placed. */
export interface Attempt<Operation extends RingingOperation> {
  /** The mark. */
  readonly tag: string;
  /** The request that carries it in its user data: place this one, with a client that has no `attemptTag` of its own. */
  readonly request: Requests[Operation];
}
