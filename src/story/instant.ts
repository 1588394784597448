/**
 * Instants, the only form of time in the product: RFC 3339 in UTC with exactly three decimals, such as
 * `2026-03-21T11:27:00.000Z`. Strings of this form sort as the times they name, in code and in SQL alike.
 */

export type Instant = string & { readonly instant: unique symbol };

/** Years 1 to 9999 can be written; these are the ends of what the product accepts. */
export const earliest = '0001-01-01T00:00:00.000Z' as Instant;
export const latest = '9999-12-31T23:59:59.999Z' as Instant;
const [first, last] = [Date.parse(earliest), Date.parse(latest)];

const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** As the product itself tells instants. */
const asTold = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * Reads an RFC 3339 date-time with any offset. Fractions beyond milliseconds are cut off, never rounded up; a leap
 * second (`:60`) reads as the last millisecond of its minute. `undefined` for anything else, also for 30 February.
 */
export function parseInstant(text: string): Instant | undefined {
  if (asTold.test(text) && text > earliest) {
    const ms = Date.parse(text);
    if (!Number.isNaN(ms) && new Date(ms).toISOString() === text) return text as Instant;
  }
  const match = rfc3339.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', offset] = match as unknown as string[];
  const leap = second === '60';
  const ms = leap ? '.999' : `${fraction}000`.replace(/^(?!\.)/, '.').slice(0, 4);
  const local = `${year}-${month}-${day}T${hour}:${minute}:${leap ? '59' : second}${ms}`;
  const asIfUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asIfUtc) || new Date(asIfUtc).toISOString() !== `${local}Z`) return undefined;
  let shift = 0;
  if (!/z/i.test(offset!)) {
    const [hours, minutes] = [Number(offset!.slice(1, 3)), Number(offset!.slice(4, 6))];
    if (hours > 23 || minutes > 59) return undefined;
    shift = (hours * 60 + minutes) * 60_000 * (offset!.startsWith('-') ? 1 : -1);
  }
  return fromMs(asIfUtc + shift);
}

/** Milliseconds since 1970 as an instant; `undefined` outside the years 1 to 9999. */
export function fromMs(ms: number): Instant | undefined {
  if (!(ms >= first && ms <= last)) return undefined;
  return new Date(ms).toISOString() as Instant;
}

/** Milliseconds since 1970. */
export const msOf = (instant: Instant): number => Date.parse(instant);

/** The instant `ms` milliseconds later. */
export const plusMs = (instant: Instant, ms: number): Instant => new Date(msOf(instant) + ms).toISOString() as Instant;

export const laterOf = (a: Instant, b: Instant): Instant => (a >= b ? a : b);
export const earlierOf = (a: Instant, b: Instant): Instant => (a <= b ? a : b);
