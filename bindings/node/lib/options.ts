// What a caller may say about a client, a call and a download.

import type { Config } from './generated/types.js';

/** Settings of a `Client`. */
export type ClientOptions = Config;

/** Settings of one call. */
export interface CallOptions {
  /**
   * Gives the call up: its promise rejects with a `VoiceCallError` of kind `closed`, whose `cause` is `signal.reason`.
   *
   * Look at its `delivery`. `not_sent`: nothing was sent, because the call still waited for its turn or for a connection.
   * `unknown`: the request was on its way and cannot be taken back, so the phone may be ringing; `attemptTag` is the mark by
   * which its webhooks are recognised. A signal that is aborted already rejects with its reason, and nothing is sent.
   */
  signal?: AbortSignal | undefined;
  /** Longest time for this call in milliseconds, waiting for its turn included; the client's `timeoutMs` otherwise. */
  timeoutMs?: number | undefined;
  /**
   * The mark by which pushes of this call are recognised, from `newAttemptTag()`; it goes out at the end of `userData` and
   * is taken off again in events. Only calls that ring carry one. The client's setting `attemptTag` makes one otherwise.
   */
  attemptTag?: string | undefined;
}

/** How far a download is. */
export interface Progress {
  /** Bytes in the file so far. */
  readonly bytes: number;
  /** Bytes of the whole recording, or null where the server does not tell. */
  readonly total: number | null;
}

/** Settings of one download. */
export interface DownloadOptions {
  /** Stops the download: its promise rejects at once with `signal.reason`, and no file is left behind. */
  signal?: AbortSignal | undefined;
  /** Longest time for the whole download in milliseconds. Default: none, since recordings may be hours long. */
  timeoutMs?: number | undefined;
  /** Replace a file that exists. Default: false, which is an error. */
  overwrite?: boolean | undefined;
  /** Called now and then, and at the end. What it throws stops the download and rejects its promise. */
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** A recording that is now a file. */
export interface DownloadedRecording {
  /** The file. */
  readonly path: string;
  /** Its length. */
  readonly bytes: number;
}
