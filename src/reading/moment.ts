/**
 * Moments as a person types them or a link carries them: RFC 3339, or a local date and time that is read in a time zone
 * of the IANA database. (The platform has no `Temporal` yet; its rules for clock changes are followed here.)
 */
import { fromMs, type Instant, msOf, parseInstant } from '../story/instant.js';

/** The longest text that is read as a moment. */
export const longestMoment = 100;

const local = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?$/;
const withOffset = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)? ?([Zz]|[+-]\d{2}:?\d{2})$/;

/**
 * Reads RFC 3339 (seconds may be left out), or `2026-05-14 11:30`, `2026-05-14T11:30`, `2026-05-14` (its first instant)
 * as told by clocks in `zone`. A local time that clocks skip reads as if they had not been changed, one that they show
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
  if (!match) return undefined;
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
