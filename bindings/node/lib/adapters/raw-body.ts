// The raw body of a request that other middleware may have touched.

import type { IncomingMessage } from 'node:http';

import { isRaw, type RawBody } from '../webhook/body.js';
import { readBody } from './read-body.js';

/** Where parsers of Express, NestJS and Koa leave what they made, and the bytes that they kept. */
export interface Parsed {
  readonly body?: unknown;
  readonly rawBody?: unknown;
}

/** The bytes that a parser kept, else the stream. Express 4 leaves `{}` in the body of a request that nothing has read. */
export async function rawBodyOf(request: IncomingMessage, { body, rawBody }: Parsed): Promise<RawBody> {
  if (isRaw(body)) return body;
  return isRaw(rawBody) ? rawBody : readBody(request);
}
