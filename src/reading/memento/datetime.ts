/** The dates of RFC 7089, section 2.1.1.1: those of RFC 1123, to the second. */
import { type Instant, msOf, parseInstant } from '../../story/instant.js';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** As `Memento-Datetime` says it. */
export const mementoDatetime = (instant: Instant): string => new Date(msOf(instant)).toUTCString();

const rfc1123 = /^(?:[a-z]{3}, )?(\d\d) ([a-z]{3}) (\d{4}) (\d\d:\d\d:\d\d) GMT$/i;

/**
 * The instant that an `Accept-Datetime` stands for: the last millisecond of its second, so that a version announced to
 * the second is found again. The weekday is not checked. `undefined` for what is no such date.
 */
export function readAcceptDatetime(typed: string): Instant | undefined {
  const [, day, name = '', year, time] = rfc1123.exec(typed.trim()) ?? [];
  const month = months.indexOf(name.toLowerCase()) + 1;
  return parseInstant(`${year}-${String(month).padStart(2, '0')}-${day}T${time}.999Z`);
}
