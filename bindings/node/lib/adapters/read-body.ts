// The raw body of a Node request, of bounded size.

import type { IncomingMessage } from 'node:http';

import { native } from '../native.js';
import { alreadyRead } from '../webhook/body.js';

/** Most bytes that are kept: one more than the largest push, so that the addon sees that it is too large. */
export const MOST_BYTES = native.largestPush() + 1;

/** Reads a body to its end. What exceeds the limit is thrown away: nothing reads it. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (request.readableDidRead) throw alreadyRead();
  const pieces: Buffer[] = [];
  let kept = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    if (kept >= MOST_BYTES) continue;
    pieces.push(piece.subarray(0, MOST_BYTES - kept));
    kept += Math.min(piece.length, MOST_BYTES - kept);
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}
