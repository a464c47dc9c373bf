// One record of a push, read in place: fields are cut out of the message when they are asked for.

/**
 * A message as the addon read it: its text, where everything stands in it, and what no place can say. The addon's `cells.rs`
 * tells what the integers mean.
 */
export interface Message {
  readonly text: string;
  /** What the addon reads again: the text, or the body where that is another. */
  readonly source: string | Uint8Array;
  readonly cells: Int32Array;
  readonly others: readonly unknown[];
}

/** Bits of a time in its second integer. */
const LOW_BITS = 2 ** 30;
const MILLISECONDS = 1000;

/** The fields of one record, by their position in its declaration. */
export abstract class PushedRecord {
  readonly #message: Message;
  /** Index of the record's first integer. */
  readonly #at: number;

  /** @internal */
  constructor(message: Message, at: number) {
    this.#message = message;
    this.#at = at;
  }

  /** The JSON text of the record, as it came. Holds personal data. */
  get raw(): string {
    const { text, cells } = this.#message;
    return text.slice(cells[this.#at], cells[this.#at + 1]);
  }

  protected textAt(field: number): string | undefined {
    const { text, cells, others } = this.#message;
    const cell = this.#at + 2 + 2 * field;
    const end = cells[cell + 1]!;
    if (end > 0) return text.slice(cells[cell], end);
    return end === 0 ? undefined : (others[cells[cell]!] as string);
  }

  protected integerAt(field: number): number | undefined {
    const { cells, others } = this.#message;
    const cell = this.#at + 2 + 2 * field;
    const tag = cells[cell + 1]!;
    if (tag > 0) return cells[cell];
    return tag === 0 ? undefined : (others[cells[cell]!] as number);
  }

  protected timeAt(field: number): Date | undefined {
    const { cells } = this.#message;
    const cell = this.#at + 2 + 2 * field;
    const low = cells[cell + 1]!;
    if (low === 0) return undefined;
    return new Date((cells[cell]! * LOW_BITS + low - 1) * MILLISECONDS);
  }
}
