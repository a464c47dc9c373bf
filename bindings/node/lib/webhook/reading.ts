// From the addon's integers to events.

import { EVENT_TYPES } from '../generated/records.js';
import {
  FeeEvent,
  StatusEvent,
  UnknownEvent,
  type RejectedRecord,
  type StatusEventType,
  type WebhookEvent,
} from './events.js';
import type { Message } from './record.js';

/** The first integers, in the order in which the addon's `reading.rs` writes them. */
const KIND = 0;
const EVENT_TYPE = 1;
const RECORDS = 2;
const STRIDE = 3;
const IS_ASCII = 4;
const HEADER = 5;
const STATUS = 1;
const FEE = 2;

/** Room for the largest documented push: 50 CDRs. What needs more comes with the details. */
const ROOM = 4096;

/** Where the addon writes what it read. One for all: it is emptied before anything else can run. */
export const scratch = new Int32Array(ROOM);

/** What the integers cannot say. */
export interface Details {
  readonly cells?: readonly number[];
  /** The text that was read, where it is not the body's. */
  readonly text?: string;
  readonly others?: readonly unknown[];
  readonly rejected?: readonly RejectedRecord[];
  readonly event_type?: string;
  readonly session_id?: string;
}

/** The event that the addon has just written into `scratch`. */
export function eventOf(body: Buffer, details: Details): WebhookEvent {
  // Latin-1 is the quickest way to a string, and the same as UTF-8 for ASCII.
  const text = details.text ?? (scratch[IS_ASCII] === 1 ? body.toString('latin1') : body.toString('utf8'));
  const source = details.text === undefined ? text : body;
  const kind = scratch[KIND];
  if (kind !== STATUS && kind !== FEE)
    return new UnknownEvent(details.event_type ?? '', details.session_id, text, source);
  const records = scratch[RECORDS]!;
  const stride = scratch[STRIDE]!;
  const cells = details.cells ? Int32Array.from(details.cells) : scratch.slice(HEADER, HEADER + records * stride);
  const message: Message = { text, source, cells, others: details.others ?? [] };
  if (kind === FEE) return new FeeEvent(message, records, stride, details.rejected ?? []);
  return new StatusEvent(EVENT_TYPES[scratch[EVENT_TYPE]!] as StatusEventType, message);
}
