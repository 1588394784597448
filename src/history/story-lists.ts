/**
 * The lists of stories: in force at an instant, with what is said in them; for staff also what waits, what is withdrawn
 * and what has never been in force. Cursors are keysets, so pages don't shift.
 */
import { isAbsent } from '../content/types.js';
import { shown } from '../story/content-of.js';
import { earlierOf, type Instant, laterOf, parseInstant } from '../story/instant.js';
import type { Viewing } from '../story/visibility.js';
import type { Phrase } from '../views/search.js';
import type { Tables } from '../views/tables.js';
import type { VersionRow } from '../views/versions.js';
import { decodeCursor, encodeCursor } from '../web/cursor.js';
import type { StoriesAnswer, StoryItem } from './answers.js';
import { type Describing, describeItems, describeStory, describeWithdrawal } from './describe.js';
import { limitOf } from './lists.js';
import { isStaff, type Looking, lookAt, sees, textsFor } from './looking.js';
import type { StoriesAsked, StoriesStatus } from './questions.js';
import { searchVersion } from './search.js';

/** Words in more texts than this are not looked up in the index: a list read from its start meets them soon enough. */
const mostTexts = 50_000;
/** Stories a page looks into where all of its words are that common. */
const mostLookedInto = 1_000;

/** A story that may be in the list, by its place there. */
interface Listed extends Place {
  version: number | null;
  withdrawal?: string | null;
}
interface Place {
  from: Instant;
  story: string;
  /** Where a story may be listed with several. */
  version?: number | null;
}

interface StoriesCursor extends Place {
  /** The instant of the list, and what the clock said on its first page. */
  at: Instant;
  clock: Instant;
}

const isStoriesCursor = (value: unknown): value is StoriesCursor => {
  const { at, clock, from, story, version = null } = (value ?? {}) as Record<string, unknown>;
  const isInstant = (text: unknown) => typeof text === 'string' && parseInstant(text) === text;
  const isVersion = version === null || Number.isSafeInteger(version);
  return isInstant(at) && isInstant(clock) && isInstant(from) && typeof story === 'string' && isVersion;
};

/** `phrases`: only versions that say all of them; `story`: only this one, null for none. */
type StoriesSought = Omit<StoriesAsked, 'q' | 'url'> & { phrases?: readonly Phrase[]; story?: string | null };

/**
 * The latest begun first; waiting versions the soonest first; stories never in force the last recorded first. `asOf` is
 * the same on every page. For each story *now* is its own, so a story recorded ahead of this node's clock is there at
 * once. Throws Refused `bad-cursor`.
 */
export function listStories(
  tables: Tables,
  viewing: Viewing,
  clock: Instant,
  { status = 'in-force', phrases, story, ...asked }: StoriesSought,
  describing: Describing,
): StoriesAnswer {
  const limit = limitOf(asked.limit);
  const kind = status === 'in-force' ? 'stories' : `stories-${status}`;
  const cursor = asked.cursor === undefined ? undefined : decodeCursor(kind, asked.cursor, isStoriesCursor);
  const now = laterOf(clock, tables.lastRecordedAt() ?? clock);
  let [at, since] = [cursor?.at ?? asked.asOf ?? now, cursor?.clock ?? asked.asOf ?? clock];
  if (viewing.audience === 'public') [at, since] = [earlierOf(at, now), earlierOf(since, clock)];

  const tag = asked.tag ?? null;
  const saying = phrases ? storiesSaying(tables, phrases, { at, clock: since }) : null;
  const stories = story === undefined ? saying : [story ?? []].flat().filter((one) => saying?.includes(one) ?? true);
  const scan = scanOf(tables, status, { at, clock: since, tag, stories });
  const items: { item: StoryItem; place: Place }[] = [];
  let after: Place | null = cursor ?? null;
  let end = false;
  let lookedInto = 0;
  let partial: Place | undefined;
  while (!end && items.length <= limit && !partial) {
    const found = scan(after, limit + 1);
    end = found.length <= limit;
    after = found.at(-1) ?? null;
    for (const place of found) {
      const seen = lookInto(tables, viewing, clock, place, tag);
      if (!seen) continue;
      const matches = phrases && searchVersion(seen.looking, seen.row, phrases);
      if (!phrases || matches) {
        items.push({ item: describeItem(seen, place, describing, matches), place });
        if (items.length > limit) break;
      }
      if (phrases && !stories && ++lookedInto >= mostLookedInto) {
        partial = place;
        break;
      }
    }
  }
  const last = items.length > limit ? items[limit - 1]!.place : partial;
  const next = last
    ? encodeCursor(kind, {
        at,
        clock: since,
        from: last.from,
        story: last.story,
        ...(status === 'waiting' && { version: last.version! }),
      } satisfies StoriesCursor)
    : null;
  return {
    asOf: at,
    items: items.slice(0, limit).map(({ item }) => item),
    next,
    ...(partial && items.length <= limit && { partial: true as const }),
  };
}

/**
 * Stories whose version in force has the phrases, hidden or not; null where that is dearer to find out than to look into
 * them one after the other. Which way it was found does not show in an answer, but for where a partial page ends.
 */
function storiesSaying(tables: Tables, phrases: readonly Phrase[], when: { at: Instant; clock: Instant }) {
  let stories: Set<string> | null = null;
  for (const phrase of phrases) {
    if (!tables.isRare(phrase, mostTexts)) continue;
    const saying = tables.storiesSaying(phrase, when);
    stories = stories ? stories.intersection(saying) : saying;
  }
  return stories && [...stories];
}

type Scan = (after: Place | null, limit: number) => Listed[];

function scanOf(
  tables: Tables,
  status: StoriesStatus,
  when: { at: Instant; clock: Instant; tag: string | null; stories: readonly string[] | null },
): Scan {
  switch (status) {
    case 'waiting':
      return (after, limit) =>
        tables.waitingAnywhere(when.clock, after && { ...after, version: after.version ?? 0 }, limit);
    case 'never-in-force':
      return (after, limit) =>
        tables
          .neverInForce(when.clock, after, limit)
          .map((place) => ({ ...place, version: tables.latestVersion(place.story) }));
    case 'in-force':
      return (after, limit) => tables.storiesInForce({ ...when, withdrawn: null, after, limit });
    default:
      return (after, limit) =>
        tables.storiesInForce({ ...when, withdrawn: status, after, limit }).map((reign) => ({
          ...reign,
          version: reign.version ?? tables.latestVersion(reign.story),
        }));
  }
}

interface Seen {
  looking: Looking;
  row: VersionRow;
}

/** The version, if this viewer may see it, and may know it by this tag. */
function lookInto(
  tables: Tables,
  viewing: Viewing,
  clock: Instant,
  { story, version, withdrawal = null }: Listed,
  tag: string | null,
): Seen | undefined {
  const looking = lookAt(tables, viewing, tables.story(story)!, clock);
  if (looking.verdict !== 'show' || version === null) return undefined;
  const row = tables.version(story, version)!;
  if (!sees(looking, row)) return undefined;
  if (withdrawal !== null && !isStaff(looking) && withdrawal !== looking.withdrawal?.id) return undefined;
  return tag === null || tagsOf(looking, row).includes(tag) ? { looking, row } : undefined;
}

function tagsOf(looking: Looking, { fields: { tags: revision } }: VersionRow): string[] {
  if (revision === undefined) return [];
  const tags = shown(textsFor(looking, [[revision, 'tags']])(revision, 'tags'));
  return Array.isArray(tags) ? tags : [];
}

function describeItem(
  { looking, row }: Seen,
  { withdrawal: id = null }: Listed,
  describing: Describing,
  matches: StoryItem['matches'],
): StoryItem {
  const names = ['standfirst', 'section', 'leadImage', 'language'] as const;
  const find = textsFor(
    looking,
    names.flatMap((name) => (row.fields[name] === undefined ? [] : [[row.fields[name], name] as const])),
  );
  const field = <T>(name: (typeof names)[number]): T | null => {
    const revision = row.fields[name];
    return revision === undefined ? null : (shown(find(revision, name)) as T);
  };
  const leadImage = field<StoryItem['leadImage']>('leadImage');
  const language = field('language');
  const withdrawal = id === null ? undefined : looking.tables.withdrawal(looking.row.id, id);
  const [whole] = describeItems(looking, [row], describing);
  const { current, reigns, editor, labels, changes, ...item } = whole!;
  return {
    story: describeStory(looking, describing),
    ...item,
    standfirst: field('standfirst'),
    section: field('section'),
    tags: tagsOf(looking, row),
    language: typeof language === 'string' ? language : null,
    leadImage: isAbsent(leadImage) ? null : leadImage,
    ...(withdrawal && { withdrawal: describeWithdrawal(looking, withdrawal) }),
    ...(matches && { matches }),
  };
}
