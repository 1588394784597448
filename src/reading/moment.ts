/**
 * Moments as a person types them or a link carries them: RFC 3339, or a local date and time that is read in a time zone
 * of the IANA database. (The platform has no `Temporal` yet; its rules for clock changes are followed here.)
 */
import { fromMs, type Instant, msOf, parseInstant } from '../story/instant.js';
import { zoneNameAt } from './times.js';

/** The longest text that is read as a moment. */
export const longestMoment = 100;

const local = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?$/;
const withOffset = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)? ?([Zz]|[+-]\d{2}:?\d{2})$/;

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const month = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';
const day = '(\\d{1,2})(?:st|nd|rd|th)?';
const weekday = '(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\\.?,? +)?';
const time =
  '(?:(?:,? +|, *)(?:at +)?(\\d{1,2}):(\\d{2})(?::(\\d{2}(?:\\.\\d+)?))?(?: ?([ap])\\.?m\\.?)?(?: +([a-z]{1,5}|(?:gmt|utc)?[+-]\\d{1,2}(?::?\\d{2})?))?)?';
const written = (date: string) => new RegExp(`^${weekday}${date}${time}$`, 'i');
/** Days as people write them; with slashes nobody knows which number is the month. */
const dayFirst = written(`${day} +${month},? +(\\d{4})`);
const monthFirst = written(`${month} +${day},? +(\\d{4})`);
const dotted = written('(\\d{1,2})\\. ?(\\d{1,2})\\. ?(\\d{4})');
/** As archives write it in their addresses, in UTC. */
const archived = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/;

/** The same moment as `readMoment` reads it first of all. A name of a zone is good where clocks in `zone` show it then. */
function inFigures(text: string, zone: string): string | undefined {
  const digits = archived.exec(text);
  if (digits) return `${digits.slice(1, 4).join('-')}T${digits.slice(4).join(':')}Z`;
  const first = dayFirst.exec(text) ?? dotted.exec(text);
  const match = first ?? monthFirst.exec(text);
  if (!match) return undefined;
  const [, a = '', b = '', year, hour, minute, second = '00', half, zoneName] = match;
  const [dayOfMonth, name] = first ? [a, b] : [b, a];
  const number = /^\d/.test(name) ? name : String(months.indexOf(name.slice(0, 3).toLowerCase()) + 1);
  const date = `${year}-${number.padStart(2, '0')}-${dayOfMonth.padStart(2, '0')}`;
  if (hour === undefined) return date;
  if (half && (Number(hour) < 1 || Number(hour) > 12)) return undefined;
  const hours = half ? (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0) : Number(hour);
  const told = `${date}T${String(hours).padStart(2, '0')}:${minute}:${second}`;
  if (zoneName === undefined) return told;
  if (/^(z|utc|gmt)$/i.test(zoneName)) return `${told}Z`;
  const offset = /^(?:gmt|utc)?([+-])(\d{1,2}?):?(\d{2})?$/i.exec(zoneName);
  if (offset) return `${told}${offset[1]}${offset[2]!.padStart(2, '0')}:${offset[3] ?? '00'}`;
  const local = readMoment(told, zone);
  return local && zoneNameAt(local, zone).toLowerCase() === zoneName.toLowerCase() ? told : undefined;
}

/**
 * Reads RFC 3339 (seconds may be left out), or `2026-05-14 11:30`, `2026-05-14T11:30`, `2026-05-14` (its first instant)
 * as told by clocks in `zone`, or what HTTP, web archives and people write: `Thu, 14 May 2026 11:30:00 GMT`,
 * `20260514113000`, `May 14, 2026 at 1:05 pm`, `14.5.2026 11:30`, and all that pages here say. A local time that clocks skip reads as if they had not been changed, one that they show
 * twice as the first. `undefined` for anything else.
 */
export function readMoment(typed: string, zone: string): Instant | undefined {
  if (typed.length > longestMoment) return undefined;
  // A plus sign that was not escaped arrives as a space.
  const text = typed.trim().replace(/(:\d{2}(?:\.\d+)?) (\d{2}:?\d{2})$/, '$1+$2');
  const offset = withOffset.exec(text);
  if (offset) {
    const [, day, time, seconds = ':00', zoneOffset] = offset;
    return parseInstant(`${day}T${time}${seconds}${zoneOffset!.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`);
  }
  const match = local.exec(text);
  if (!match) {
    const figures = inFigures(text, zone);
    return figures === undefined ? undefined : readMoment(figures, zone);
  }
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = ''] = match;
  const asIfUtc = parseInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}Z`);
  return asIfUtc && fromLocal(msOf(asIfUtc), zone);
}

const dayMs = 86_400_000;

/** The instant at which clocks in `zone` show what a clock in UTC shows at `wall`. */
function fromLocal(wall: number, zone: string): Instant | undefined {
  const [before, after] = [wall - offsetAt(wall - dayMs, zone), wall - offsetAt(wall + dayMs, zone)];
  const shows = (ms: number) => ms + offsetAt(ms, zone) === wall;
  return fromMs(shows(before) || !shows(after) ? before : after);
}

/** How far clocks in `zone` are ahead of UTC at `ms`, in milliseconds. */
function offsetAt(ms: number, zone: string): number {
  const seconds = Math.floor(ms / 1000) * 1000;
  return localAsUtc(seconds, zone) - seconds;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function localAsUtc(ms: number, zone: string): number {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    clocks.set(zone, clock);
  }
  const part = Object.fromEntries(clock.formatToParts(ms).map(({ type, value }) => [type, value]));
  const date = new Date(0);
  date.setUTCFullYear(Number(part.year), Number(part.month) - 1, Number(part.day));
  date.setUTCHours(Number(part.hour), Number(part.minute), Number(part.second));
  return date.getTime();
}

/** What clocks in `zone` show at an instant, as `<input type="datetime-local">` takes it: to the second. */
export function localInput(instant: Instant, zone: string): string {
  const shown = new Date(localAsUtc(Math.floor(msOf(instant) / 1000) * 1000, zone)).toISOString();
  return shown.slice(0, shown.endsWith(':00.000Z') ? 16 : 19);
}
