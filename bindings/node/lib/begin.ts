// What every promise over the addon's threads has in common: its options, and from a message to its outcome.

import { checkInteger, checkObject, wrongType } from './check.js';
import { VoiceCallError } from './errors.js';
import type { Threads } from './native.js';
import { Failed, type Pending, type Waiting } from './pending.js';

/** The addon takes milliseconds as an unsigned 32-bit number. */
const LARGEST_TIMEOUT = 2 ** 32 - 1;

/** What the options of everything that takes time may say. */
export interface Bounds {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/** Starts something under the id that `begin` gives it. */
export type Start = (begin: (onProgress?: Waiting['onProgress']) => number) => void;

/**
 * The outcome of what `start` starts. What `start` throws rejects the promise.
 *
 * @param isCall Whether an abort waits for what became of it, which takes milliseconds, and rejects with that: a phone may
 * be ringing. Everything else rejects at once with the signal's reason.
 */
export async function begin<Result>(
  threads: Threads,
  pending: Pending,
  options: Bounds,
  start: Start,
  isCall = false,
): Promise<Result> {
  const { signal, timeoutMs } = checkObject(options, 'options') as Bounds;
  if (timeoutMs !== undefined) checkInteger(timeoutMs, 'options.timeoutMs', 1, LARGEST_TIMEOUT);
  if (signal !== undefined) checkSignal(signal).throwIfAborted();
  const outcome = await new Promise<unknown>((resolve, reject) => {
    start((onProgress) => pending.add({ threads, resolve, reject, onProgress, isCall, release: undefined }, signal));
  });
  // Made here and not where the message arrives, so that the stack leads to who asked for it.
  if (outcome instanceof Failed) throw new VoiceCallError(outcome.attributes, outcome.reason);
  return (outcome ?? undefined) as Result;
}

function checkSignal(signal: unknown): AbortSignal {
  if (!(signal instanceof AbortSignal)) throw wrongType(signal, 'options.signal', 'an AbortSignal');
  return signal;
}
