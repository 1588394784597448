/** Times as pages show them: in the publisher's time zone, which is named, with the exact instant in the markup. */
import { type Instant, msOf } from '../story/instant.js';

/** How much of a time is shown. */
export interface Detail {
  day?: boolean;
  weekday?: boolean;
  year?: boolean;
  seconds?: boolean;
  /** Milliseconds too, where there are any. */
  exact?: boolean;
  /** The day goes without saying, in whatever zone. */
  dayless?: boolean;
  /** Names the zone, as in `11:30 CEST`. */
  zone?: boolean;
}

/** The whole of it, as a sentence needs it. */
export const full: Detail = { day: true, weekday: true, year: true, zone: true };

const formats = new Map<string, Intl.DateTimeFormat>();

function format(name: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${name} ${zone}`;
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options });
    formats.set(key, made);
  }
  return made;
}

const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

const dayOf = (at: Instant, zone: string): string =>
  format('day', zone, { day: 'numeric', month: 'short', year: 'numeric' }).format(msOf(at));
const yearOf = (at: Instant, zone: string): string => format('year', zone, { year: 'numeric' }).format(msOf(at));

/** As in `CEST`. */
export function zoneNameAt(at: Instant, zone: string): string {
  const parts = format('zone', zone, { hour: '2-digit', timeZoneName: 'short' }).formatToParts(msOf(at));
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone;
}

/** `11:27`, `14 May, 11:27`, `Thursday 14 May 2026, 11:27 CEST` … */
export function timeText(at: Instant, zone: string, detail: Detail = {}): string {
  const { day, weekday, year, exact } = detail;
  const seconds = detail.seconds || exact;
  const ms = msOf(at);
  const fraction = exact && ms % 1000 !== 0 ? `.${at.slice(20, 23)}` : '';
  const time = format(`clock ${!!seconds}`, zone, { ...clock, ...(seconds && { second: '2-digit' }) }).format(ms);
  const date =
    day &&
    format(`date ${!!weekday} ${!!year}`, zone, {
      day: 'numeric',
      month: weekday ? 'long' : 'short',
      ...(weekday && { weekday: 'long' }),
      ...(year && { year: 'numeric' }),
    })
      .format(ms)
      .replace(/^(\p{L}+), /u, '$1 ');
  return `${date ? `${date}, ` : ''}${time}${fraction}${detail.zone ? ` ${zoneNameAt(at, zone)}` : ''}`;
}

/** The length of an instant up to there, as in `2026-05-14T11:27` and `2026-05-14T11:27:05`. */
const [toTheMinute, toTheSecond] = [16, 19];

/** Enough to tell all of `instants` apart: the day if there is more than one, seconds if two share a minute, and so on. */
export function detailFor(instants: readonly Instant[], zone: string): Detail {
  const days = new Set(instants.map((at) => dayOf(at, zone)));
  const years = new Set(instants.map((at) => yearOf(at, zone)));
  const distinct = [...new Set(instants)];
  const share = (length: number) => new Set(distinct.map((at) => at.slice(0, length))).size < distinct.length;
  return { day: days.size > 1, year: years.size > 1, seconds: share(toTheMinute), exact: share(toTheSecond) };
}

/** As much as is needed beside `other`: the day only if it is another. */
export const detailBeside = (at: Instant, other: Instant, zone: string): Detail => ({
  day: dayOf(at, zone) !== dayOf(other, zone),
  year: yearOf(at, zone) !== yearOf(other, zone),
  seconds: at !== other && at.slice(0, toTheMinute) === other.slice(0, toTheMinute),
  exact: at !== other && at.slice(0, toTheSecond) === other.slice(0, toTheSecond),
});

/** For the script that tells times in the reader's own zone: what is shown, a letter each. */
export const shown = ({ day, weekday, year, seconds, exact, zone, dayless }: Detail = {}): string | undefined =>
  [day && 'd', weekday && 'w', year && 'y', seconds && 's', exact && 'x', zone && 'z', dayless && 'n']
    .filter(Boolean)
    .join('') || undefined;

export function Time({ at, zone, detail }: { at: Instant; zone: string; detail?: Detail }) {
  return (
    <time datetime={at} data-show={shown(detail)} title={timeText(at, zone, { ...full, exact: true })}>
      {timeText(at, zone, detail)}
    </time>
  );
}

/** A time in force, as in `12:20 – 12:41` or `since 13:05`. */
export function Range({
  from,
  until,
  zone,
  detail,
}: {
  from: Instant;
  until: Instant | null;
  zone: string;
  detail: Detail;
}) {
  if (until === null)
    return (
      <>
        since <Time at={from} zone={zone} detail={detail} />
      </>
    );
  const sameDay = dayOf(from, zone) === dayOf(until, zone);
  return (
    <>
      <Time at={from} zone={zone} detail={detail} /> –{' '}
      <Time at={until} zone={zone} detail={sameDay ? { ...detail, day: false } : detail} />
    </>
  );
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** How long `ms` milliseconds are, to two units at most. */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (minutes < 1) return plural(seconds, 'second');
  if (hours < 1) return plural(minutes, 'minute');
  if (days < 1)
    return minutes % 60 ? `${plural(hours, 'hour')} ${plural(minutes % 60, 'minute')}` : plural(hours, 'hour');
  return days < 3 && hours % 24 ? `${plural(days, 'day')} ${plural(hours % 24, 'hour')}` : plural(days, 'day');
}
