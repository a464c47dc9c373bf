// The platform's code tables.

import { checkInteger, checkText } from './check.js';
import { camelCased, unwrapped } from './errors.js';
import type { Retry } from './generated/errors.js';
import { native } from './native.js';

/** `result`: of the calls; `state`: of `disconnect`; `release_point` and `q850`: of a CDR. */
export type CodeTable = 'result' | 'state' | 'release_point' | 'q850';

/** A row of a table. */
export interface CodeMeaning {
  /** The code, or a range such as `400~699`. */
  readonly code: string;
  /** The platform's name, in Chinese. */
  readonly nameZh?: string;
  /** The platform's English text; table `result` only. */
  readonly text?: string;
  /** The HTTP status that comes with it; table `result` only. */
  readonly httpStatus?: number;
  readonly meaning?: string;
  readonly advice?: string;
  /** Whether placing the call again makes sense; table `result` only. */
  readonly retry?: Retry;
  /** Stands only in old tables. */
  readonly outdated: boolean;
}

/**
 * What a code means; undefined when the table does not have it: the platform has more codes than it documents.
 *
 * @param came What came with a result code; it tells the two meanings of 1010010 apart.
 */
export function findCode(
  table: CodeTable,
  code: string | number,
  came: { readonly httpStatus?: number | undefined; readonly text?: string | undefined } = {},
): CodeMeaning | undefined {
  const name = checkText(table, 'table');
  const text = typeof code === 'number' ? String(checkInteger(code, 'code')) : checkText(code, 'code');
  const found = unwrapped(() => native.findCode(name, text, came.httpStatus, came.text));
  return (camelCased(JSON.parse(found)) as CodeMeaning | null) ?? undefined;
}
