// The durable receiver: promises over the addon's store.

import { begin, type Bounds, type Start } from '../begin.js';
import { checkInteger, checkObject, checkRecord, checkText, wrongType } from '../check.js';
import { Client, newAttemptTag } from '../client.js';
import { camelCased, unwrapped, VoiceCallError } from '../errors.js';
import type { Requests } from '../generated/operations.js';
import { operations, shapes } from '../generated/shapes.js';
import type { PlacedCall } from '../generated/types.js';
import { native, type NativeIntake } from '../native.js';
import type { CallOptions } from '../options.js';
import { Pending } from '../pending.js';
import { secondsOf } from '../time.js';
import { bytesOf, type RawBody } from '../webhook/body.js';
import { signatureOf, type RequestHeaders } from '../webhook/headers.js';
import { freeze, nativeOf, Webhook } from '../webhook/webhook.js';
import type { Attempt, RingingOperation } from './operations.js';
import type { CallFilter, CdrFilter, ExportOptions, IntakeOptions, TotalsOptions, WaitOptions } from './options.js';
import { piecesOf } from './pieces.js';
import { Receipt, type Told } from './receipt.js';
import { type RejectedFilter, type RejectedPage, type Retried, rejectedText, type ToldRejected } from './rejected.js';
import { Call, type CallPage, type Condition, type Purged, type ToldCall, type Total } from './story.js';

const MINUTE = 60_000;
const LATER = Symbol('opened later');
const NO_BOUNDS: Bounds = {};

/**
 * A store of pushes in a SQLite file, so that no CDR is ever lost, and the story of each call.
 *
 * The platform sends a CDR again at most six times, an hour apart, and a status event never. So a receiver must not say 200
 * before what came is safe, must not let one bad record bring its good neighbours back every hour, and must recognise what
 * comes twice. `receive` does that; sending its reply is all that is left to do. The adapters take an `Intake` in the place
 * of a `Webhook`.
 *
 * The work is done on threads of the intake's own, never on libuv's pool, and what is received at the same time is written
 * together. Any number of processes may use one file on one machine. A process ends when nothing is in flight.
 *
 * @example
 * const intake = new Intake({ store: 'sqlite:calls.db', webhook });
 * const receipt = await intake.receive(request.headers, rawBody);
 * for (const cdr of receipt.newCdrs) console.log(cdr.sessionId, cdr.talkSeconds);
 */
export class Intake implements AsyncDisposable {
  readonly #native: NativeIntake;
  readonly #pending = new Pending();
  #closed: Promise<void> | undefined;

  /**
   * Opens the store at once, and waits for it, which takes some milliseconds: for the start of a program. `Intake.open`
   * waits on another thread.
   *
   * @throws VoiceCallError of kind `configuration`, with the setting at fault in `field`, or `storage` when the store cannot
   * be opened, is damaged, belongs to another program, or was written by a newer version.
   */
  constructor(options: IntakeOptions);
  constructor(options: IntakeOptions, when?: typeof LATER) {
    const { webhook, ...config } = checkObject(options, 'options') as unknown as IntakeOptions;
    checkRecord(config, shapes['IntakeConfig']!, 'options');
    if (webhook !== undefined && !(webhook instanceof Webhook))
      throw wrongType(webhook, 'options.webhook', 'a Webhook');
    const judge = webhook && nativeOf(webhook);
    this.#native = unwrapped(() => new native.NativeIntake(JSON.stringify(config), judge, this.#pending.deliver));
    if (when !== LATER) unwrapped(() => this.#native.open());
  }

  /** Opens a store without holding up the event loop. */
  static async open(options: IntakeOptions): Promise<Intake> {
    const intake = new (Intake as new (options: IntakeOptions, when: typeof LATER) => Intake)(options, LATER);
    await intake.#begin((start) => intake.#native.openLater(start()));
    return intake;
  }

  /**
   * Reads, checks and stores a push; resolves when it is on the disk. Then send `reply`.
   *
   * A store that cannot write is no rejection: the reply is then 500, so that the platform sends CDRs again.
   *
   * @param headers Of the HTTP request, in any letter case: an object as Node has it, web `Headers`, or pairs.
   * @param rawBody The bytes as they came. What a body parser made of them cannot be used.
   * @param options `now`: the time to judge by; the clock's otherwise.
   */
  async receive(
    headers: RequestHeaders,
    rawBody: RawBody,
    options: { readonly now?: Date | undefined } = {},
  ): Promise<Receipt> {
    // A copy: the caller may use its buffer again before the event is read.
    const body = Buffer.from(bytesOf(rawBody));
    const [signature, now] = [signatureOf(headers), secondsOf(options.now, 'options.now')];
    const told = await this.#begin<Told>((start) => this.#native.receive(start(), signature, body, now));
    freeze(told.reply);
    return new Receipt(body, told);
  }

  /**
   * Places a call that is in the store before a phone can ring: its attempt is registered with a mark in its user data, then
   * the call is placed, then what became of it is registered. After an outcome that is `unknown`, or a crash in between, the
   * first push that brings the mark back settles the attempt; until then it is among the `unsettled`.
   *
   * @param operation E.g. `createVoiceNotification`.
   * @param request What to place. Its user data may be 15 characters shorter than usual.
   * @throws VoiceCallError of kind `storage` and delivery `not_sent` when the attempt cannot be registered; else as the call.
   */
  async place<Operation extends RingingOperation>(
    client: Client,
    operation: Operation,
    request: Requests[Operation],
    options: CallOptions = {},
  ): Promise<PlacedCall> {
    if (!(client instanceof Client)) throw wrongType(client, 'client', 'a Client');
    const { attemptTag = newAttemptTag(), signal } = checkObject(options, 'options') as CallOptions;
    signal?.throwIfAborted();
    await this.#attempt(operation, request, attemptTag);
    let placed: PlacedCall;
    try {
      placed = await client[operation](request as never, { ...options, attemptTag });
    } catch (error) {
      // From here on the store's failures are not told: what the caller has to know is whether a phone rings.
      if (!mayRing(error)) await this.withdraw(attemptTag).catch(() => {});
      throw error;
    }
    await this.placed(operation, request, placed, { attemptTag }).catch(() => {});
    return placed;
  }

  /**
   * Registers an attempt to place a call that something else than `place` will place. It is settled by `placed`, by
   * `withdraw`, or by the first push that brings its mark back in the user data.
   */
  async attempt<Operation extends RingingOperation>(
    operation: Operation,
    request: Requests[Operation],
  ): Promise<Attempt<Operation>> {
    const { attemptTag: tag, userData } = await this.#attempt(operation, request, undefined);
    return { tag, request: { ...request, userData } };
  }

  /**
   * Registers a call that the platform accepted. Its story then begins with the request, and it is among the `unsettled`
   * until its CDR is here. Registering twice is harmless.
   *
   * @param call The platform's answer, or its session id.
   * @param options `attemptTag`: the mark of the attempt, if there was one.
   */
  async placed<Operation extends RingingOperation>(
    operation: Operation,
    request: Requests[Operation],
    call: PlacedCall | string,
    options: { readonly attemptTag?: string | undefined } = {},
  ): Promise<void> {
    checkRequest(operation, request);
    const sessionId = checkText(typeof call === 'object' && call !== null ? call.sessionId : call, 'call');
    await this.#tell('placed', { operation, request, sessionId, attemptTag: options.attemptTag });
  }

  /** Forgets an attempt that is known to have rung nobody: the `delivery` of its error was not `unknown`. */
  async withdraw(attemptTag: string): Promise<void> {
    await this.#tell('withdraw', { attemptTag: checkText(attemptTag, 'attemptTag') });
  }

  /** Everything that is known about a call; undefined when nothing is. */
  async call(sessionId: string): Promise<Call | undefined> {
    return callOf(await this.#ask<ToldCall>('call', { sessionId: checkText(sessionId, 'sessionId') }));
  }

  /**
   * Waits until something has happened in a call. What this process receives is seen at once, what another one writes into
   * the same file within half a second.
   *
   * @param condition A state that the call has to have reached or passed, e.g. `ended`, or `billed`: its CDR is here; or
   * `a_answered`, `b_answered`: that leg was answered; or `digits`: keys were pressed. Default: `billed`.
   * @returns The call's story; undefined when it has not come so far in this time, or cannot any more.
   */
  async waitFor(
    sessionId: string,
    condition: Condition = 'billed',
    options: WaitOptions = {},
  ): Promise<Call | undefined> {
    const [session, wanted] = [checkText(sessionId, 'sessionId'), checkText(condition, 'condition')];
    const { timeoutMs = MINUTE } = checkObject(options, 'options') as WaitOptions;
    const told = await this.#begin<ToldCall | undefined>(
      (start) => this.#native.waitFor(start(), session, wanted, timeoutMs),
      options,
    );
    return callOf(told);
  }

  /** The calls that fit the filter, the latest first. They are read in pages as the iteration goes on. */
  async *calls(filter: Omit<CallFilter, 'after'> = {}): AsyncGenerator<Call, void, undefined> {
    let after: string | undefined;
    do {
      const page: CallPage = await this.page({ ...filter, after });
      yield* page.calls;
      after = page.next;
    } while (after !== undefined);
  }

  /** A page of the calls that fit the filter, the latest first. */
  async page(filter: CallFilter = {}): Promise<CallPage> {
    const words = { filter: checkedFilter(filter, 'filter') };
    const { calls, next } = await this.#ask<{ calls: readonly ToldCall[]; next: string | null }>('page', words);
    const page = { calls: calls.map((told) => new Call(told)) };
    return next === null ? page : { ...page, next };
  }

  /**
   * Calls that began longer ago and have no CDR yet, and attempts whose outcome nothing has told, which have no session id:
   * money that somebody should look after.
   *
   * @param olderThanMs How long ago, in milliseconds. Default: 7 hours, after which the platform does not send a CDR again.
   * @returns The oldest first, at most 10,000 calls and as many attempts.
   */
  async unsettled(olderThanMs?: number): Promise<readonly Call[]> {
    if (olderThanMs !== undefined) checkInteger(olderThanMs, 'olderThanMs', 0, Number.MAX_SAFE_INTEGER);
    const calls = await this.#ask<readonly ToldCall[]>('unsettled', { olderThanMs });
    return calls.map((told) => new Call(told));
  }

  /** Adds up the CDRs that fit. */
  async totals(options: TotalsOptions = {}): Promise<readonly Total[]> {
    const { by = [], zone, tariff, ...filter } = checkObject(options, 'options') as TotalsOptions;
    const groups = typeof by === 'string' ? [by] : by;
    if (!Array.isArray(groups)) throw wrongType(by, 'options.by', 'a string or an array of strings');
    const words = { by: groups, zone, tariff, filter: checkedFilter(filter, 'options') };
    return camelCased(await this.#ask('totals', words)) as readonly Total[];
  }

  /**
   * Writes the CDRs that fit into a file, the one that ended first first. The file gets its name when it is complete; one that
   * has the name is replaced.
   *
   * @returns The number of CDRs.
   */
  async export(path: string, options: ExportOptions = {}): Promise<number> {
    const { format = 'ndjson', tariff, signal, ...filter } = checkObject(options, 'options') as ExportOptions;
    const words = JSON.stringify({ format, tariff, filter: checkedFilter(filter, 'options') });
    const file = checkText(path, 'path');
    return this.#begin<number>((start) => this.#native.export(start(), file, words), { signal });
  }

  /**
   * The same in pieces, e.g. for an HTTP response: `Readable.from(intake.exportPieces({ format: 'csv' }))`. They go by way of a file in
   * the folder for temporary files: a failure comes before the first piece, and whoever reads slowly holds up nobody.
   */
  exportPieces(options: ExportOptions = {}): AsyncGenerator<Buffer, void, undefined> {
    return piecesOf((path) => this.export(path, options));
  }

  /**
   * What came and could not be taken, the oldest first: records that cannot be read, bodies that are no push, and what the
   * signature's policy refused.
   */
  async rejected(filter: RejectedFilter = {}): Promise<RejectedPage> {
    const page = await this.#ask<ToldRejected>('rejected', { ...filter });
    return { ...page, texts: page.texts.map(rejectedText) };
  }

  /**
   * Reads again what could not be read, and takes in what this version can read. What was refused for its signature is left
   * alone.
   */
  async retryRejected(): Promise<Retried> {
    return this.#ask<Retried>('retryRejected', {});
  }

  /**
   * Takes in these texts, by their ids, though their signature was refused. Their records have the verdict `admitted`: they
   * count more than unsigned ones and less than those with a valid signature.
   */
  async admitRejected(ids: readonly number[]): Promise<Retried> {
    if (!Array.isArray(ids) || !ids.every(Number.isSafeInteger)) throw wrongType(ids, 'ids', 'a list of whole numbers');
    return this.#ask<Retried>('admitRejected', { ids });
  }

  /**
   * Deletes, for good, what ended or was received before this time. A CDR that the platform sends again afterwards is taken
   * for a new one; it may do so for six hours after the call.
   */
  async purge(before: Date): Promise<Purged> {
    if (!(before instanceof Date)) throw wrongType(before, 'before', 'a Date');
    return this.#ask<Purged>('purge', { before: secondsOf(before, 'before') });
  }

  /** Looks the whole store over for damage: rejects with kind `storage`, naming the first that is found. */
  async check(): Promise<void> {
    await this.#ask('check', {});
  }

  /** Finds out whether the store can write, by writing the time into it: for health checks. */
  async probe(): Promise<void> {
    await this.#ask('probe', {});
  }

  /** A number as this store keeps it: as it is, or hashed under the intake's key. */
  storedNumber(number: string): Promise<string> {
    return this.#ask<string>('storedNumber', { number: checkText(number, 'number') });
  }

  /**
   * Finishes what was begun, ends waits with errors of kind `closed`, refuses what is new in the same way, and closes the
   * store. Closing twice is harmless.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** Closes the intake at the end of `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#native.close();
    await this.#pending.empty();
    await this.#begin((start) => this.#native.release(start()), NO_BOUNDS, true);
  }

  async #attempt(
    operation: RingingOperation,
    request: object,
    attemptTag: string | undefined,
  ): Promise<{ attemptTag: string; userData: string }> {
    checkRequest(operation, request);
    if (attemptTag !== undefined) checkText(attemptTag, 'options.attemptTag');
    return camelCased(await this.#tell('attempt', { operation, request, attemptTag })) as {
      attemptTag: string;
      userData: string;
    };
  }

  /** Words are put into JSON before anything begins: what JSON cannot say must not leave anything behind that never ends. */
  #tell(what: string, words: object): Promise<unknown> {
    const text = JSON.stringify(words);
    return this.#begin((start) => this.#native.tell(start(), what, text));
  }

  #ask<Answer>(what: string, words: object): Promise<Answer> {
    const text = JSON.stringify(words);
    return this.#begin<Answer>((start) => this.#native.ask(start(), what, text));
  }

  #begin<Answer>(start: Start, bounds: Bounds = NO_BOUNDS, isLast = false): Promise<Answer> {
    const outcome = () => begin<Answer>(this.#native, this.#pending, bounds, start);
    // What comes behind `close` finds the store closed, and does not keep it from closing.
    return this.#closed && !isLast ? this.#closed.then(outcome) : outcome();
  }
}

/** A request of an operation that rings; others have no story. */
function checkRequest(operation: string, request: object): void {
  const name = checkText(operation, 'operation').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const shape = shapes[operations[name] ?? ''];
  // What rings and what does not, the addon knows.
  if (shape) checkRecord(request, shape, 'request');
  else checkObject(request, 'request');
}

/** Beside errors of the platform there are wrong types, told before anything is sent, and what a caller gave up with. */
function mayRing(error: unknown): boolean {
  return error instanceof VoiceCallError ? error.delivery === 'unknown' : !(error instanceof TypeError);
}

/** A filter whose times are texts, as the core reads them. */
function checkedFilter(filter: CallFilter | CdrFilter, name: string): object {
  const { from, until, ...others } = checkObject(filter, name) as CallFilter;
  const told = { ...others, from: timeOf(from, `${name}.from`), until: timeOf(until, `${name}.until`) };
  checkRecord(told, shapes['CallFilter']!, name);
  return told;
}

/** Whole seconds. */
function timeOf(time: unknown, name: string): unknown {
  if (!(time instanceof Date)) return time;
  if (Number.isNaN(time.getTime())) throw wrongType(time, name, 'a valid Date');
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}

function callOf(told: ToldCall | null | undefined): Call | undefined {
  return told ? new Call(told) : undefined;
}
