// Requests, answers and signatures without the network, for tests.

import { checkInteger, checkRecord, checkText, wrongType } from '../check.js';
import { unwrapped } from '../errors.js';
import type { CreatedZone, DigestForm } from '../generated/enumerations.js';
import { operations, shapes } from '../generated/shapes.js';
import type { Config } from '../generated/types.js';
import { native } from '../native.js';
import { secondsOf } from '../time.js';
import { bytesOf, type RawBody } from '../webhook/body.js';

/** A signed request. Holds the signature: do not print it. */
export interface SignedRequest {
  readonly method: 'GET' | 'POST';
  /** The complete address. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text; null for GET. */
  readonly body: string | null;
}

/** Nonce and time of a signature; new ones where left out. */
export interface SignatureOptions {
  readonly nonce?: string | undefined;
  readonly now?: Date | undefined;
}

/** What signs a push. */
export interface PushSigner extends SignatureOptions {
  readonly appKey: string;
  readonly appSecret: string;
  /** The registered address that the push goes to. */
  readonly url: string;
  /** What the digest is made over. Default: `newest`. */
  readonly form?: DigestForm | undefined;
  /** The zone of the signature's time. Default: `utc`. */
  readonly zone?: CreatedZone | undefined;
}

/**
 * The request that an operation would send. Sends nothing.
 *
 * @param operation Official name in snake case, e.g. `create_voice_callback`.
 * @throws VoiceCallError of kind `invalid_argument` or `configuration`, as the call would.
 */
export function signRequest(
  config: Config,
  operation: string,
  request: object,
  options: SignatureOptions = {},
): SignedRequest {
  checkRecord(config, shapes['Config']!, 'config');
  const shape = shapes[operations[checkText(operation, 'operation')] ?? ''];
  if (shape === undefined) throw wrongType(operation, 'operation', `one of ${Object.keys(operations).join(', ')}`);
  checkRecord(request, shape, 'request');
  const [settings, text, now] = [
    JSON.stringify(config),
    JSON.stringify(request),
    secondsOf(options.now, 'options.now'),
  ];
  return JSON.parse(
    unwrapped(() => native.signRequest(settings, operation, text, options.nonce, now)),
  ) as SignedRequest;
}

/**
 * What an operation would make of the platform's answer: its result.
 *
 * @throws VoiceCallError as the call would.
 */
export function readAnswer(
  operation: string,
  answer: { readonly status: number; readonly location?: string | undefined; readonly body: RawBody },
): unknown {
  const status = checkInteger(answer.status, 'answer.status', 100, 999);
  const body = bytesOf(answer.body);
  return JSON.parse(
    unwrapped(() => native.readAnswer(checkText(operation, 'operation'), status, answer.location, body)),
  );
}

/** The headers of a push, signed as the platform does: for tests of a receiver. */
export function signPush(signer: PushSigner): Record<string, string> {
  const { form = 'newest', zone = 'utc', nonce } = signer;
  const [appKey, appSecret] = [
    checkText(signer.appKey, 'signer.appKey'),
    checkText(signer.appSecret, 'signer.appSecret'),
  ];
  const [url, now] = [checkText(signer.url, 'signer.url'), secondsOf(signer.now, 'signer.now')];
  return JSON.parse(unwrapped(() => native.signPush(appKey, appSecret, url, form, zone, nonce, now))) as Record<
    string,
    string
  >;
}
