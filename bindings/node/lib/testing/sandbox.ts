// A local VoiceCall platform for tests: it answers, rings, records and pushes webhooks, and nobody's phone rings.

import { Client } from '../client.js';
import { checkObject, checkText } from '../check.js';
import { camelCased } from '../errors.js';
import type { ClientOptions } from '../options.js';
import { startCommand, stopCommand, type Started } from './command.js';

/** How a sandbox is started. */
export interface SandboxOptions {
  /** How many times faster than real time the platform's clock runs. Default: 1. */
  readonly speed?: number | undefined;
  /** The `voicecall` command. Default: the variable VOICECALL_COMMAND, else `voicecall` on the path. */
  readonly command?: string | undefined;
}

/** Which calls, pushes or lines, and how long to wait for one. */
export interface Which {
  /** Only those after this one: the id of a push, or the session id of a call. */
  readonly after?: string | number | undefined;
  readonly sessionId?: string | undefined;
  readonly limit?: number | undefined;
  /** Milliseconds to wait while there is none. */
  readonly waitMs?: number | undefined;
}

/** A template that requests may name. */
export interface SandboxTemplate {
  readonly id: string;
  readonly content: string;
}

/** What the platform tells of a call or a push; its manual lists the fields. */
export type View = Readonly<Record<string, unknown>>;

interface Ready {
  readonly endpoint: string;
  readonly admin: string;
  readonly appKey: string;
  readonly appSecret: string;
  readonly displayNumbers: readonly string[];
  readonly voiceFiles: readonly string[];
  readonly templates: readonly SandboxTemplate[];
}

const MILLISECONDS = 1000;

/**
 * A running local platform.
 *
 * @example
 * const sandbox = await Sandbox.start({ speed: 60 });
 * const client = sandbox.client();
 */
export class Sandbox implements AsyncDisposable {
  readonly #started: Started;
  readonly #ready: Ready;

  private constructor(started: Started) {
    this.#started = started;
    this.#ready = camelCased(JSON.parse(started.line)) as Ready;
  }

  /** Starts the `voicecall sandbox` command and waits until it is ready. */
  static async start(options: SandboxOptions = {}): Promise<Sandbox> {
    const { speed, command = process.env['VOICECALL_COMMAND'] || 'voicecall' } = checkObject(
      options,
      'options',
    ) as SandboxOptions;
    const args = ['sandbox', '--json', ...(speed === undefined ? [] : ['--speed', String(speed)])];
    return new Sandbox(await startCommand(checkText(command, 'options.command'), args));
  }

  /** Base URL of the five calls. */
  get endpoint(): string {
    return this.#ready.endpoint;
  }

  /** Base URL of the admin API, for what has no method here: its manual lists the routes. */
  get admin(): string {
    return this.#ready.admin;
  }

  get appKey(): string {
    return this.#ready.appKey;
  }

  get appSecret(): string {
    return this.#ready.appSecret;
  }

  /** Numbers that calls may show. */
  get displayNumbers(): readonly string[] {
    return this.#ready.displayNumbers;
  }

  /** Voice files that requests may name. */
  get voiceFiles(): readonly string[] {
    return this.#ready.voiceFiles;
  }

  /** Templates that requests may name. */
  get templates(): readonly SandboxTemplate[] {
    return this.#ready.templates;
  }

  /** A client of this platform. */
  client(options: Partial<ClientOptions> = {}): Client {
    return new Client({ endpoint: this.endpoint, appKey: this.appKey, appSecret: this.appSecret, ...options });
  }

  /** The calls that were placed, the oldest first. */
  calls(which: Which = {}): Promise<readonly View[]> {
    return this.#get('calls', which);
  }

  /** One call; waits up to `waitMs` until it is in the phase `until`, e.g. `talking` or `ended`. */
  call(sessionId: string, when: { readonly until?: string; readonly waitMs?: number } = {}): Promise<View> {
    return this.#get(`calls/${encodeURIComponent(sessionId)}`, when);
  }

  /** What was pushed, and what came back. */
  pushes(which: Which = {}): Promise<readonly View[]> {
    return this.#get('pushes', which);
  }

  /** Stops the platform. Stopping twice is harmless. */
  stop(): Promise<void> {
    return stopCommand(this.#started);
  }

  /** Stops the platform at the end of `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #get<Answer>(path: string, query: object): Promise<Answer> {
    const url = new URL(`${this.admin}/${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value === undefined) continue;
      if (name === 'waitMs') url.searchParams.set('wait', String(Number(value) / MILLISECONDS));
      else url.searchParams.set(name === 'sessionId' ? 'session_id' : name, String(value));
    }
    const response = await fetch(url);
    if (!response.ok)
      throw new Error(`the sandbox answered ${response.status} to GET ${path}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }
}
