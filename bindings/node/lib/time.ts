// Times as the addon takes them.

import { wrongType } from './check.js';

const MILLISECONDS = 1000;

/** Whole Unix seconds; undefined for the clock's time. */
export function secondsOf(time: Date | undefined, name: string): number | undefined {
  if (time === undefined) return undefined;
  if (!(time instanceof Date) || Number.isNaN(time.getTime())) throw wrongType(time, name, 'a valid Date');
  return Math.floor(time.getTime() / MILLISECONDS);
}
