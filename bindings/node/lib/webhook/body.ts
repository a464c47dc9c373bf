// The body of a push as bytes, or an error that says how to get it.

import { types } from 'node:util';

const { isAnyArrayBuffer, isUint8Array } = types;

/** The raw body of an HTTP request. */
export type RawBody = Uint8Array | string;

/** Whether it is bytes or text. Jest runs tests in realms that have a `Uint8Array` of their own, so `instanceof` is no test. */
export function isRaw(body: unknown): body is RawBody {
  return isUint8Array(body) || typeof body === 'string';
}

/** The bytes of a body. */
export function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  if (isUint8Array(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (typeof body === 'string') return Buffer.from(body);
  throw new TypeError(
    `rawBody must be the raw request body (a Buffer, Uint8Array or string), not ${described(body)}: ` +
      'pass the bytes as they came, before any parser. Express: express.raw({ type: () => true }) on this route. ' +
      "Fastify: voicecall/fastify, or a content type parser with parseAs: 'buffer'. Web: await request.arrayBuffer().",
  );
}

/** The error of a request whose body is gone: what arrives is not lost in silence. */
export function alreadyRead(): TypeError {
  return new TypeError(
    'the body of this webhook was read before the receiver got it: put the receiver before every body parser, or keep the ' +
      'raw bytes. Express: express.raw({ type: () => true }) on this route, or request.rawBody. NestJS: { rawBody: true }. ' +
      'Web: pass the Request on before anything reads it.',
  );
}

function described(body: unknown): string {
  if (body === null || body === undefined) return `${body}`;
  if (isAnyArrayBuffer(body)) return 'an ArrayBuffer (wrap it in a Uint8Array)';
  return typeof body === 'object' ? 'an object that a body parser has made of it' : `a ${typeof body}`;
}
