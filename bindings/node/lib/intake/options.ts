// What a caller may say about a store and about what is asked of it.

import type { CreatedZone } from '../generated/enumerations.js';
import type { CallFilter as Filter, IntakeConfig } from '../generated/types.js';
import type { Tariff } from '../webhook/conclusions.js';
import type { Webhook } from '../webhook/webhook.js';

/** Settings of an `Intake`. */
export interface IntakeOptions extends Omit<IntakeConfig, 'store'> {
  /**
   * Where pushes are kept: `sqlite:FILE`, which is made if it is not there. The file needs a local disk. Many receivers
   * behind a load balancer share a PostgreSQL by way of the command `voicecall listen`.
   */
  store: string;
  /** Checks signatures, with these settings. Default: nothing is checked but that pushes can be read. */
  webhook?: Webhook | undefined;
}

/** A time: a `Date`, or `2026-01-27T15:30:00Z`, or a day, in UTC. */
export type Time = Date | string;

/** Which calls are meant: those that fit everything that is set. */
export interface CallFilter extends Omit<Filter, 'from' | 'until'> {
  /** Begun at this time or later. */
  from?: Time | undefined;
  /** Begun before this time. */
  until?: Time | undefined;
}

/** Which CDRs are meant: those that fit everything that is set. `from` and `until` are about the end of the call. */
export type CdrFilter = Omit<CallFilter, 'state' | 'limit' | 'after'>;

/** What can be grouped by. */
export type TotalBy = 'month' | 'appKey' | 'displayNumber' | 'userData';

/** What to add up. */
export interface TotalsOptions extends CdrFilter {
  /** What to group by. Default: nothing, which gives one total. */
  by?: TotalBy | readonly TotalBy[] | undefined;
  /** Where a month begins. The platform's pages do not say in which zone it settles. Default: `utc`. */
  zone?: CreatedZone | undefined;
  /** What a minute costs. Default: totals have no price. */
  tariff?: Tariff | undefined;
}

/** What to export. */
export interface ExportOptions extends CdrFilter {
  /**
   * `ndjson`: an object a line, with the whole record. `csv`: as RFC 4180 has it, with a header line.
   * `csv_for_spreadsheets`: with a byte order mark, and nothing that a spreadsheet takes for a formula. Default: `ndjson`.
   */
  format?: 'ndjson' | 'csv' | 'csv_for_spreadsheets' | undefined;
  /** What a minute costs. Default: records have no price. */
  tariff?: Tariff | undefined;
  /** Stops the export: its promise rejects at once with `signal.reason`, and no file is left behind. */
  signal?: AbortSignal | undefined;
}

/** How long to wait. */
export interface WaitOptions {
  /** Longest wait in milliseconds. Default: 60000. */
  timeoutMs?: number | undefined;
  /** Ends the wait: its promise rejects at once with `signal.reason`. */
  signal?: AbortSignal | undefined;
}
