/** The story's life as a line with a stop for each version, and the list of its versions beside the text. */
import type { StoryAnswer, VersionItem, WithdrawnPeriod } from '../history/answers.js';
import { type Instant, msOf } from '../story/instant.js';
import { asOfPath, authorshipPath, comparePath, historyPath, storyPath, versionPath } from './addresses.js';
import { type Detail, detailBeside, detailFor, plural, Time, timeText } from './times.js';
import { actsOf, isCorrection, Removed, Size, Speakers, Typed, withdrawalNames } from './words.js';

/** When readers first got, or will get, a version; `undefined`: never. */
export const since = (item: VersionItem): Instant | undefined => item.reigns[0]?.from;

/**
 * Places along a line of 100, in the order of `times`: to scale, but neighbours are kept apart, and the time from the
 * last one to `now` takes a fifth of the line at most, else a morning's changes would be one dot a year later.
 */
export function places(times: readonly number[], now: number): number[] {
  const [first, last] = [times[0] ?? now, times.at(-1) ?? now];
  const end = Math.max(last + Math.min(now - last, (last - first) / 4), first + 1);
  const apart = Math.min(6, 90 / times.length);
  const [least, most] = [1, 94];
  const along = times.map((time) => least + ((time - first) / (end - first)) * (100 - least));
  for (let i = 0; i < along.length; i++) along[i] = Math.max(along[i]!, i ? along[i - 1]! + apart : least);
  for (let i = along.length - 1; i >= 0; i--) {
    along[i] = Math.min(along[i]!, i === along.length - 1 ? most : along[i + 1]! - apart);
  }
  return along.map((place) => Math.min(100, Math.max(0, Math.round(place))));
}

interface Label {
  place: number;
  /** null: now. */
  at: Instant | null;
  text: string;
  /** It stays on narrow screens. */
  on: boolean;
}

/** Of the labels those that have room: the first, the last, `current`, then what fits between. */
function labelsFor(stops: { place: number; at: Instant; text: string }[], current: number): Label[] {
  const half = ({ text }: { text: string }, perLetter: number) => (text.length * perLetter) / 2 + 1;
  const fits = (a: { place: number; text: string }, b: { place: number; text: string }, perLetter: number) =>
    Math.abs(a.place - b.place) >= half(a, perLetter) + half(b, perLetter);
  const [wide, narrow] = [1.2, 2.6];
  const ends = (perLetter: number) => [
    { ...stops[0]!, place: half(stops[0]!, perLetter) },
    { place: 100 - half({ text: 'now' }, perLetter), text: 'now' },
  ];
  const kept = new Set<number>();
  for (const index of [current, ...stops.keys()]) {
    const stop = stops[index];
    if (!stop || index === 0) continue;
    const others = [...[...kept].filter((other) => other !== index).map((other) => stops[other]!), ...ends(wide)];
    if (others.every((other) => fits(stop, other, wide))) kept.add(index);
  }
  const middle = [...kept].sort((a, b) => a - b);
  return [
    { ...stops[0]!, place: 0, on: false },
    ...middle.map((index) => ({
      ...stops[index]!,
      on: index === current && ends(narrow).every((end) => fits(stops[index]!, end, narrow)),
    })),
    { place: 100, at: null, text: 'now', on: false },
  ];
}

/** What readers had from an instant on: a version, again perhaps, or nothing while the story was away. */
interface Stop {
  from: Instant;
  version?: number;
  name: string;
  href: string;
  style: string;
}

interface LifeProps {
  story: StoryAnswer;
  /** Newest first. */
  versions: readonly VersionItem[];
  /** Times between them in which the story was away. */
  away?: readonly WithdrawnPeriod[];
  reading: number;
  /** The moment it is read as of; left out where a version is read as such. */
  at?: Instant;
  now: Instant;
  zone: string;
}

function stopsOf({ story, versions, away = [] }: LifeProps): Stop[] {
  const inForce = versions.flatMap((item): Stop[] =>
    item.waiting
      ? []
      : item.reigns.map(({ from }, nth) => ({
          from,
          version: item.version,
          name: `Version ${item.version}${nth > 0 ? ' again' : ''}: ${
            item.acts.length > 0 ? actsOf(item).join(', ') : 'removed by the publisher'
          }`,
          href: item.current ? storyPath(story) : versionPath(story, item.version),
          style: [isCorrection(item) && ' fix', item.acts.length === 0 && ' gone'].filter(Boolean).join(''),
        })),
  );
  const gone = away.map(
    ({ from, kind }): Stop => ({ from, name: withdrawalNames[kind], href: asOfPath(story, from), style: ' gone' }),
  );
  const order = ({ version = Number.POSITIVE_INFINITY }: Stop) => version;
  return [...inForce, ...gone].sort((a, b) => msOf(a.from) - msOf(b.from) || order(a) - order(b));
}

/** More than these are small, else they hide one another. */
const manyStops = 20;

/** A line of links. Script makes it a slider: see assets/life.js, which reads `data-from` and the places. */
export function LifeLine(props: LifeProps) {
  const { story, versions, reading, at, now, zone } = props;
  const stops = stopsOf(props);
  if (stops.length === 0) return null;
  const instants = stops.map(({ from }) => from);
  const detail = detailFor(instants, zone);
  const along = places(
    instants.map((at) => msOf(at)),
    Math.max(msOf(now), msOf(instants.at(-1)!)),
  );
  const short = { ...detail, seconds: false, exact: false };
  const current = stops.findLastIndex(({ from, version }) => (at ? from <= at : version === reading));
  return (
    <nav aria-label="The story’s life" data-part="line">
      <div class={stops.length > manyStops ? 'track many' : 'track'}>
        {stops.map(({ name, from, href, style }, index) => (
          <a
            class={`at-${along[index]}${index === current ? ' on' : ''}${style}`}
            href={href}
            title={`${name}, ${timeText(from, zone, detail)}`}
            data-from={from}
            aria-current={index === current ? 'true' : undefined}
          >
            <span class="hidden">
              {name}, <Time at={from} zone={zone} detail={detail} />
            </span>
          </a>
        ))}
      </div>
      <div class="stops" aria-hidden="true">
        {labelsFor(
          along.map((place, index) => ({
            place,
            at: instants[index]!,
            text: timeText(instants[index]!, zone, short),
          })),
          current,
        ).map(({ place, at, text, on }) => (
          <span class={`at-${place}${on ? ' on' : ''}`}>
            {at ? <Time at={at} zone={zone} detail={{ ...short, dayless: !short.day }} /> : text}
          </span>
        ))}
      </div>
      {versions.length < story.versions && (
        <p class="meta">
          The line begins with version {versions.at(-1)!.version}; the story has{' '}
          <a href={historyPath(story)}>{plural(story.versions, 'version')}</a>.
        </p>
      )}
    </nav>
  );
}

/** As many as are listed beside a story. */
const listedAtMost = 30;

export function HistoryAside({
  story,
  versions,
  reading,
  zone,
}: Pick<LifeProps, 'story' | 'versions' | 'reading' | 'zone'>) {
  const listed = versions.slice(0, listedAtMost);
  const detail = detailFor(
    listed.map((item) => since(item) ?? item.inForceFrom),
    zone,
  );
  return (
    <aside class="history" aria-labelledby="changed" data-part="aside">
      <h2 class="kicker" id="changed">
        How this story changed
      </h2>
      <ol>
        {listed.map((item) => (
          <AsideItem item={item} story={story} on={item.version === reading} zone={zone} detail={detail} />
        ))}
      </ol>
      <p class="meta">
        <a href={historyPath(story)}>
          {story.versions > listed.length ? `All ${plural(story.versions, 'version')}` : 'The whole history'}
        </a>{' '}
        · <a href={authorshipPath(story, reading)}>Who wrote what</a>
      </p>
    </aside>
  );
}

interface AsideItemProps {
  item: VersionItem;
  story: StoryAnswer;
  on: boolean;
  zone: string;
  detail: Detail;
}

function AsideItem({ item, story, on, zone, detail }: AsideItemProps) {
  const style = [on && 'on', isCorrection(item) && 'fix'].filter(Boolean).join(' ');
  const removed = item.acts.length === 0;
  const against = item.changes?.against;
  return (
    <li class={style || undefined} aria-current={on ? 'true' : undefined}>
      <Time at={since(item) ?? item.inForceFrom} zone={zone} detail={detail} />{' '}
      {removed ? <Removed what={`Version ${item.version}`} absence="hidden" /> : actsOf(item).join(', ')}
      {item.waiting && <Flag>Waiting</Flag>}
      {item.cancelled && <Flag>Cancelled</Flag>}
      {item.hidden && !removed && <Flag>Hidden</Flag>}
      {(item.note !== null || item.statements.length > 0) && (
        <>
          <br />
          {item.note !== null ? <Typed text={item.note} what="Note" /> : <Speakers statements={item.statements} />}
        </>
      )}
      {!removed && (
        <>
          <br />
          <span class="size">
            <Size changes={item.changes} /> ·{' '}
            {against ? (
              <a href={comparePath(story, against, item.version)}>
                compare<span class="hidden"> with version {against}</span>
              </a>
            ) : (
              <a href={versionPath(story, item.version)}>
                read<span class="hidden"> version {item.version}</span>
              </a>
            )}
          </span>
        </>
      )}
      <Recorded item={item} zone={zone} />
    </li>
  );
}

const Flag = ({ children }: { children: string }) => (
  <>
    {' '}
    <span class="tag w">{children}</span>
  </>
);

/** Says when a version was recorded wherever that is not when it came into force. */
export function Recorded({
  item,
  zone,
}: {
  item: Pick<VersionItem, 'recordedAt' | 'inForceFrom' | 'imported'>;
  zone: string;
}) {
  if (item.recordedAt === item.inForceFrom) return null;
  const detail = detailBeside(item.recordedAt, item.inForceFrom, zone);
  return (
    <>
      <br />
      <span class="meta">
        {item.imported ? 'imported' : 'recorded'} <Time at={item.recordedAt} zone={zone} detail={detail} />
      </span>
    </>
  );
}
