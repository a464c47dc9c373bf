// The client: promises over the addon's threads.

import { begin, type Start } from './begin.js';
import { checkObject, checkRecord, checkText, checkType } from './check.js';
import { unwrapped } from './errors.js';
import { Operations } from './generated/operations.js';
import { shapes } from './generated/shapes.js';
import type { Recording } from './generated/types.js';
import { native, type NativeClient } from './native.js';
import type { CallOptions, ClientOptions, DownloadedRecording, DownloadOptions } from './options.js';
import { Pending } from './pending.js';
import type { DirectRecording } from './webhook/conclusions.js';
import { Cdr } from './webhook/events.js';

const NO_OPTIONS: CallOptions = {};

/**
 * A connection to the platform for one application.
 *
 * Calls run on threads of the client's own, never on libuv's pool. They are started with the first call, reused, and end
 * after some idle seconds. A process ends when nothing is in flight, closed or not.
 *
 * @example
 * const client = new Client({ appKey: 'your app key', appSecret: 'your app secret' });
 * const { sessionId } = await client.createVoiceNotification({
 *   displayNbr: '+867550000088',
 *   calleeNbr: '+8613800000021',
 *   playInfoList: [{ templateId: 'alert', templateParas: ['3', 'building 1'] }],
 * });
 */
export class Client extends Operations implements AsyncDisposable {
  readonly #native: NativeClient;
  readonly #pending = new Pending();

  /**
   * No connection is opened before the first call.
   *
   * @throws VoiceCallError of kind `configuration`, with the setting at fault in `field`.
   */
  constructor(options: ClientOptions) {
    super();
    checkRecord(checkObject(options, 'options'), shapes['Config']!, 'options');
    this.#native = unwrapped(() => new native.NativeClient(JSON.stringify(options), this.#pending.deliver));
  }

  /** A client with the settings of the variables VOICECALL_APP_KEY, VOICECALL_APP_SECRET and VOICECALL_ENDPOINT. */
  static fromEnv(options: Partial<ClientOptions> = {}): Client {
    const { VOICECALL_APP_KEY: appKey, VOICECALL_APP_SECRET: appSecret, VOICECALL_ENDPOINT: endpoint } = process.env;
    // What is missing is told by the addon, which knows what is mandatory.
    return new Client({ appKey, appSecret, endpoint, ...options } as ClientOptions);
  }

  /**
   * Fetches a recording into the file `path`, whole or not at all.
   *
   * @param source The CDR of the call, or what its `recording` says.
   * @throws VoiceCallError of kind `invalid_argument` when there is no recording or the file exists, `rejected` when the
   * recording is gone, `storage` when the file cannot be written.
   */
  downloadRecording(
    source: Cdr | Recording | DirectRecording,
    path: string,
    options: DownloadOptions = {},
  ): Promise<DownloadedRecording> {
    return begin<DownloadedRecording>(this.#native, this.#pending, options, (begin) => {
      const recording = source instanceof Cdr ? (source.recording ?? {}) : checkObject(source, 'source');
      checkRecord(recording, shapes['Recording']!, 'source');
      const { onProgress, overwrite = false } = options;
      checkText(path, 'path');
      checkType(overwrite, 'boolean', 'options.overwrite');
      if (onProgress !== undefined) checkType(onProgress, 'function', 'options.onProgress');
      const text = JSON.stringify(recording);
      this.#native.download(begin(onProgress), text, path, options.timeoutMs, overwrite);
    });
  }

  /**
   * Ends calls in flight with errors of kind `closed` and refuses new ones. Resolves when all are over. Closing twice is
   * harmless.
   */
  close(): Promise<void> {
    this.#native.close();
    return this.#pending.empty();
  }

  /** Closes the client at the end of `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  protected override perform<Answer>(
    operation: string,
    shape: string,
    request: unknown,
    options: CallOptions = NO_OPTIONS,
  ): Promise<Answer> {
    const call: Start = (begin) => {
      checkRecord(request, shapes[shape]!, 'request');
      const { timeoutMs, attemptTag } = options;
      if (attemptTag !== undefined) checkText(attemptTag, 'options.attemptTag');
      // Before `begin`: what JSON cannot say must not leave a call behind that never ends.
      const text = JSON.stringify(request);
      this.#native.call(begin(), operation, text, timeoutMs, attemptTag);
    };
    return begin<Answer>(this.#native, this.#pending, options, call, true);
  }
}

/**
 * A new mark for the `attemptTag` of a call, for a program that registers its attempts beforehand: the pushes of the call
 * bring the mark back, even if the platform's answer never comes.
 */
export function newAttemptTag(): string {
  return unwrapped(() => native.newAttemptTag());
}
