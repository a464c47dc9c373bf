// The one header that matters, out of the headers of any framework.

import { wrongType } from '../check.js';
import { native } from '../native.js';

/** The headers of an HTTP request: an object as `node:http` has it, web `Headers`, or pairs of name and value. */
export type RequestHeaders =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | { get(name: string): string | null }
  | Iterable<readonly [name: string, value: string]>;

/** In lower case, as Node and the web have header names. */
const SIGNATURE = native.signatureHeader();

/** The value of the signature's header. More than one are joined as HTTP says, which makes them unreadable: rightly so. */
export function signatureOf(headers: RequestHeaders): string | undefined {
  if (typeof headers !== 'object' || headers === null)
    throw wrongType(headers, 'headers', 'an object, Headers or pairs');
  // A Map has `get` too, but tells letter cases apart.
  if ('get' in headers && typeof headers.get === 'function' && !(headers instanceof Map)) {
    return headers.get(SIGNATURE) ?? undefined;
  }
  if (Symbol.iterator in headers)
    return joined([...headers].filter(([name]) => isSignature(name)).map(([, value]) => value));
  const record = headers as Readonly<Record<string, string | readonly string[] | undefined>>;
  const usual = record[SIGNATURE];
  if (typeof usual === 'string') return usual;
  return joined(
    Object.keys(record)
      .filter(isSignature)
      .flatMap((name) => record[name] ?? []),
  );
}

function isSignature(name: string): boolean {
  return name.toLowerCase() === SIGNATURE;
}

function joined(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.join(', ');
}
