// Calls that wait for their outcome: from ids to promises.

import type { Attributes } from './errors.js';
import type { Threads } from './native.js';
import type { Progress } from './options.js';

/** What a message is about; the addon has the same numbers. */
const FAILED = 0;
const PROGRESS = 2;

type Message = [id: number, kind: number, payload: unknown];

/** What the addon says of a call that failed. */
export class Failed {
  constructor(
    readonly attributes: Attributes,
    /** What the caller gave the call up with. */
    readonly reason: unknown,
  ) {}
}

/** A call that is not over. */
export interface Waiting {
  /** Keeps the client alive until its call is over. */
  readonly threads: Threads;
  /** Gets the result, or a `Failed`. */
  resolve(value: unknown): void;
  /** Gets what the caller gave the call up with. */
  reject(reason: unknown): void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
  /** Whether a caller who gives it up waits for its outcome. */
  readonly isCall: boolean;
  /** What the caller gave the call up with. */
  reason?: unknown;
  /** Takes the listener off the caller's signal. */
  release: (() => void) | undefined;
}

/**
 * The calls of one client, or what one intake is asked, that are not over.
 *
 * The addon holds on to `deliver` for as long as the client lives, so nothing here may hold on to the client but a call
 * that is not over: else neither would ever be collected.
 */
export class Pending {
  readonly #waiting = new Map<number, Waiting>();
  readonly #abandoned: [threads: Threads, id: number][] = [];
  #lastId = 0;
  #whenEmpty: (() => void)[] = [];

  /** Registers a call and gives its id. `signal` must not be aborted yet. */
  add(waiting: Waiting, signal: AbortSignal | undefined): number {
    const id = this.#nextId();
    if (signal) {
      const abort = () => this.#abandon(id, signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      waiting.release = () => signal.removeEventListener('abort', abort);
    }
    if (this.#waiting.size === 0) waiting.threads.hold(true);
    this.#waiting.set(id, waiting);
    return id;
  }

  /** Takes a batch of messages from the addon. */
  readonly deliver = (messages: string): void => {
    for (const [id, kind, payload] of JSON.parse(messages) as Message[]) {
      if (kind === PROGRESS) this.#tell(id, payload as Progress);
      else if (kind === FAILED) this.#fail(id, payload as Attributes);
      else this.#end(id)?.resolve(payload);
    }
  };

  /** Resolves when no call waits. */
  empty(): Promise<void> {
    if (this.#waiting.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenEmpty.push(resolve));
  }

  #tell(id: number, progress: Progress): void {
    try {
      this.#waiting.get(id)?.onProgress?.(progress);
    } catch (error) {
      this.#abandon(id, error);
    }
  }

  #fail(id: number, attributes: Attributes): void {
    const waiting = this.#end(id);
    waiting?.resolve(new Failed(attributes, waiting.reason));
  }

  #abandon(id: number, reason: unknown): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    if (waiting.isCall) {
      waiting.reason = reason;
    } else {
      this.#end(id);
      waiting.reject(reason);
    }
    if (this.#abandoned.push([waiting.threads, id]) === 1) queueMicrotask(() => this.#cancel());
  }

  /** What one signal aborts is cancelled together: what waits for its turn must not begin in the place of what ends. */
  #cancel(): void {
    const abandoned = this.#abandoned.splice(0);
    abandoned[0]?.[0].abandon(abandoned.map(([, id]) => id));
  }

  /** The outcome of a call, which is over from now on; undefined when nobody waits for it any more. */
  #end(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(id);
    waiting.release?.();
    if (this.#waiting.size === 0) {
      waiting.threads.hold(false);
      this.#whenEmpty.splice(0).forEach((resolve) => resolve());
    }
    return waiting;
  }

  /** Ids are unsigned 32-bit numbers for the addon. A call is over long before its id comes again. */
  #nextId(): number {
    this.#lastId = (this.#lastId + 1) >>> 0;
    return this.#lastId;
  }
}
