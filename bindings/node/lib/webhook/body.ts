// The body of a push as bytes, or an error that says how to get it.

/** The raw body of an HTTP request. */
export type RawBody = Uint8Array | string;

/** The bytes of a body. */
export function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (typeof body === 'string') return Buffer.from(body);
  throw new TypeError(
    `rawBody must be the raw request body (a Buffer, Uint8Array or string), not ${described(body)}: ` +
      'pass the bytes as they came, before any parser. Express: express.raw({ type: () => true }) on this route. ' +
      "Fastify: voicecall/fastify, or a content type parser with parseAs: 'buffer'. Web: await request.arrayBuffer().",
  );
}

function described(body: unknown): string {
  if (body === null || body === undefined) return `${body}`;
  if (body instanceof ArrayBuffer) return 'an ArrayBuffer (wrap it in a Uint8Array)';
  return typeof body === 'object' ? 'an object that a body parser has made of it' : `a ${typeof body}`;
}
