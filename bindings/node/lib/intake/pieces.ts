// A file that is written to be read once.

import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The pieces of what `write` writes. The file is nobody else's, and is gone when the reader is done or gives up. */
export async function* piecesOf(write: (path: string) => Promise<unknown>): AsyncGenerator<Buffer, void, undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'voicecall-'));
  try {
    const path = join(folder, 'export');
    await write(path);
    yield* createReadStream(path) as AsyncIterable<Buffer>;
  } finally {
    await rm(folder, { recursive: true });
  }
}
