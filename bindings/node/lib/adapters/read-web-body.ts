// The raw body of a web-standard request, of bounded size.

import { MOST_BYTES } from './read-body.js';

/** Reads a body to its end, or to its bound: behind that nothing is read. */
export async function readWebBody(request: Request): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let kept = 0;
  for await (const piece of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    pieces.push(piece.subarray(0, MOST_BYTES - kept));
    kept += piece.length;
    // Leaving the loop cancels the stream.
    if (kept >= MOST_BYTES) break;
  }
  return Buffer.concat(pieces);
}
