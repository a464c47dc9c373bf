// Keeps each CDR once, as a file of its own: what the platform sends again is recognised by its name.

import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder of CDRs. */
export class CdrStore {
  #folder;

  constructor(folder) {
    this.#folder = folder;
  }

  /** Keeps a record as it came; false when it was there already. When this resolves, it is on the disk. */
  async keep(cdr) {
    return this.#write(`${fileName(cdr.icid ?? cdr.sessionId)}.json`, cdr.raw);
  }

  /** Keeps what could not be read too: it is a CDR, and somebody will want it. */
  async keepRejected({ raw }) {
    return this.#write(`${fileName(raw)}.rejected`, raw);
  }

  async #write(name, text) {
    await mkdir(this.#folder, { recursive: true });
    const draft = join(this.#folder, `.${randomUUID()}`);
    try {
      await writeDurably(draft, text);
      // The whole record gets its name at once, and only if nothing has it: two receivers cannot both be first.
      await link(draft, join(this.#folder, name));
      return true;
    } catch (error) {
      if (error.code === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(draft, { force: true });
    }
  }
}

async function writeDurably(path, text) {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Identifiers of the platform have signs that file names cannot have. */
function fileName(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
