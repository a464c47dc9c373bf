// Finds the addon and says what it exports. Private: nothing of this is seen by users.

import { VERSION } from './generated/shapes.js';

/** Threads of the addon. Messages about a call come under the id that its caller chose. */
export interface Threads {
  abandon(ids: readonly number[]): void;
  hold(held: boolean): void;
}

/** A client's threads. */
export interface NativeClient extends Threads {
  call(
    id: number,
    operation: string,
    request: string,
    timeoutMs: number | undefined,
    attemptTag: string | undefined,
  ): void;
  download(id: number, source: string, path: string, timeoutMs: number | undefined, overwrite: boolean): void;
  preview(operation: string, request: string): string;
  close(): void;
}

/** A receiver of pushes. What it reads goes into `cells`, what they cannot say is returned. */
export interface NativeWebhook {
  receive(signature: string | undefined, body: Buffer, now: number | undefined, cells: Int32Array): string;
}

/** A store's threads. What is told and asked has a name, and arguments as JSON text. */
export interface NativeIntake extends Threads {
  open(): void;
  openLater(id: number): void;
  receive(id: number, signature: string | undefined, body: Buffer, now: number | undefined): void;
  tell(id: number, what: string, words: string): void;
  ask(id: number, what: string, words: string): void;
  waitFor(id: number, sessionId: string, condition: string, timeoutMs: number): void;
  export(id: number, path: string, words: string): void;
  close(): void;
  release(id: number): void;
}

/** The functions of the addon. Objects cross as JSON text in natural form. */
export interface Native {
  NativeClient: new (config: string, deliver: (messages: string) => void) => NativeClient;
  NativeWebhook: new (config: string) => NativeWebhook;
  NativeIntake: new (
    config: string,
    webhook: NativeWebhook | undefined,
    deliver: (messages: string) => void,
  ) => NativeIntake;
  version(): string;
  newAttemptTag(): string;
  parsePush(body: Buffer, cells: Int32Array): string | null;
  largestPush(): number;
  signatureHeader(): string;
  retryReply(): string;
  eventNatural(message: string | Uint8Array): string;
  eventExtra(message: string | Uint8Array): string;
  eventShown(message: string | Uint8Array): string;
  eventRawField(message: string | Uint8Array, name: string): string | null;
  eventSummary(message: string | Uint8Array): string;
  eventAttemptTag(message: string | Uint8Array): string | null;
  cdrNatural(record: string): string;
  cdrExtra(record: string): string;
  cdrShown(record: string): string;
  cdrRawField(record: string, name: string): string | null;
  cdrSummary(record: string): string;
  cdrAttemptTag(record: string): string | null;
  cdrPrice(record: string, perMinute: string, currency: string): string;
  findCode(table: string, code: string, httpStatus: number | undefined, text: string | undefined): string;
  signRequest(
    config: string,
    operation: string,
    request: string,
    nonce: string | undefined,
    now: number | undefined,
  ): string;
  readAnswer(operation: string, status: number, location: string | undefined, body: Buffer): string;
  signPush(
    appKey: string,
    appSecret: string,
    url: string,
    form: string,
    zone: string,
    nonce: string | undefined,
    now: number | undefined,
  ): string;
}

/** The platforms that have a package, as Node names them: the first of a platform that loads is taken. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'linux-x64': ['voicecall-linux-x64-gnu', 'voicecall-linux-x64-musl'],
  'linux-arm64': ['voicecall-linux-arm64-gnu', 'voicecall-linux-arm64-musl'],
  'darwin-x64': ['voicecall-darwin-x64'],
  'darwin-arm64': ['voicecall-darwin-arm64'],
  'win32-x64': ['voicecall-win32-x64-msvc'],
};

/** The addon. */
export const native: Native = load();

function load(): Native {
  const platform = `${process.platform}-${process.arch}`;
  const failures: unknown[] = [];
  for (const name of PACKAGES[platform] ?? []) {
    try {
      return sameVersion(require(name) as Native, name);
    } catch (error) {
      failures.push(error);
    }
  }
  throw new Error(
    failures.length === 0
      ? `voicecall has no addon for ${platform}, only for ${Object.keys(PACKAGES).join(', ')}; ` +
          'for another platform build one from the sources'
      : `the addon of voicecall for ${platform} cannot be loaded; was it installed with --omit=optional?`,
    { cause: failures.length > 1 ? new AggregateError(failures) : failures[0] },
  );
}

/** Package and addon speak a private protocol, so they go together or not at all. */
function sameVersion(addon: Native, name: string): Native {
  const version = addon.version();
  if (version !== VERSION) throw new Error(`${name} has version ${version}, but voicecall ${VERSION} needs the same`);
  return addon;
}
