/** The two lists: a story's versions, and the stories in force at an instant. Cursors are keysets, so pages don't shift. */
import { isAbsent } from '../content/types.js';
import { shown } from '../story/content-of.js';
import type { Act } from '../story/events.js';
import { earlierOf, type Instant, laterOf, parseInstant } from '../story/instant.js';
import type { Viewing } from '../story/visibility.js';
import type { ReignRow } from '../views/reigns.js';
import type { Tables } from '../views/tables.js';
import type { VersionRow } from '../views/versions.js';
import { decodeCursor, encodeCursor } from '../web/cursor.js';
import type { Page, StoriesAnswer, StoriesAsked, StoryItem, VersionItem, VersionsAsked } from './answers.js';
import { boundOf, type Describing, describeItems, describeStory, describeWithdrawal } from './describe.js';
import { isStaff, knows, type Looking, lookAt, sees, textsFor } from './looking.js';

const defaultLimit = 50;
export const mostItems = 200;
export const limitOf = (limit = defaultLimit) => Math.min(Math.max(1, Math.trunc(limit)), mostItems);

const isNumber = (value: unknown): value is number => Number.isSafeInteger(value);

/** The newest first. Throws Refused `bad-cursor`. */
export function listVersions(looking: Looking, asked: VersionsAsked, describing: Describing): Page<VersionItem> {
  const limit = limitOf(asked.limit);
  const wanted = wantedOf(looking, asked);
  let below = asked.cursor === undefined ? null : decodeCursor('versions', asked.cursor, isNumber);
  const rows: VersionRow[] = [];
  for (;;) {
    const found = looking.tables.versions(looking.row.id, { ...wanted, below, limit: limit + 1 });
    rows.push(...found.filter((row) => mayBeListed(looking, row, asked)));
    below = found.at(-1)?.version ?? null;
    if (rows.length > limit || found.length <= limit) break;
  }
  const next = rows.length > limit ? encodeCursor('versions', rows[limit - 1]!.version) : null;
  return { items: describeItems(looking, rows.slice(0, limit), describing), next };
}

const wantedOf = (looking: Looking, { act, editor }: VersionsAsked) => ({
  inForceBy: boundOf(looking),
  act: act ?? (null as Act | null),
  editor: editor ?? null,
});

/** Being found by what it was, or by whom, would tell of a hidden version, and of a hidden name. */
function mayBeListed(looking: Looking, row: VersionRow, { act, editor }: VersionsAsked): boolean {
  if (!knows(looking, row)) return false;
  if (isStaff(looking) || (act === undefined && editor === undefined)) return true;
  if (!sees(looking, row)) return false;
  if (editor === undefined) return true;
  const found = textsFor(looking, [[row.revision, 'editor']])(row.revision, 'editor');
  return 'value' in found && (found.value as { name: string }).name === editor;
}

interface StoriesCursor {
  /** The instant of the list, and what the clock said on its first page. */
  at: Instant;
  clock: Instant;
  /** The last item's place. */
  from: Instant;
  story: string;
}

const isStoriesCursor = (value: unknown): value is StoriesCursor => {
  const { at, clock, from, story } = (value ?? {}) as Record<string, unknown>;
  const isInstant = (text: unknown) => typeof text === 'string' && parseInstant(text) === text;
  return isInstant(at) && isInstant(clock) && isInstant(from) && typeof story === 'string';
};

/**
 * The latest begun first. `asOf` is the same on every page. For each story *now* is its own, so a story recorded ahead
 * of this node's clock is there at once. Throws Refused `bad-cursor`.
 */
export function listStories(
  tables: Tables,
  viewing: Viewing,
  clock: Instant,
  asked: StoriesAsked,
  describing: Describing,
): StoriesAnswer {
  const limit = limitOf(asked.limit);
  const cursor = asked.cursor === undefined ? undefined : decodeCursor('stories', asked.cursor, isStoriesCursor);
  const now = laterOf(clock, tables.lastRecordedAt() ?? clock);
  let [at, since] = [cursor?.at ?? asked.asOf ?? now, cursor?.clock ?? asked.asOf ?? clock];
  if (viewing.audience === 'public') [at, since] = [earlierOf(at, now), earlierOf(since, clock)];

  const tag = asked.tag ?? null;
  const items: { item: StoryItem; reign: ReignRow }[] = [];
  let after: ReignRow | null = cursor ? ({ from: cursor.from, story: cursor.story } as ReignRow) : null;
  for (;;) {
    const found: ReignRow[] = tables.storiesInForce({ at, clock: since, tag, stories: null, withdrawn: null, after, limit: limit + 1 });
    for (const reign of found) {
      const item = storyItem(tables, viewing, clock, reign, tag, describing);
      if (item) items.push({ item, reign });
    }
    after = found.at(-1) ?? null;
    if (items.length > limit || found.length <= limit) break;
  }
  const last = items[limit - 1]?.reign;
  const next =
    items.length > limit
      ? encodeCursor('stories', { at, clock: since, from: last!.from, story: last!.story } satisfies StoriesCursor)
      : null;
  return { asOf: at, items: items.slice(0, limit).map(({ item }) => item), next };
}

/** A story as the list has it; none where this viewer may not see it, or not what was in force in it then. */
function storyItem(
  tables: Tables,
  viewing: Viewing,
  clock: Instant,
  reign: ReignRow,
  tag: string | null,
  describing: Describing,
): StoryItem | undefined {
  const looking = lookAt(tables, viewing, tables.story(reign.story)!, clock);
  if (looking.verdict !== 'show' || reign.version === null) return undefined;
  const row = tables.version(reign.story, reign.version)!;
  if (!sees(looking, row)) return undefined;
  const withdrawal = reign.withdrawal === null ? undefined : tables.withdrawal(reign.story, reign.withdrawal);
  if (withdrawal && !isStaff(looking) && withdrawal.id !== looking.withdrawal?.id) return undefined;

  const names = ['headline', 'standfirst', 'section', 'tags', 'leadImage'] as const;
  const find = textsFor(
    looking,
    names.flatMap((name) => (row.fields[name] === undefined ? [] : [[row.fields[name], name] as const])),
  );
  const field = <T>(name: (typeof names)[number]): T | null => {
    const revision = row.fields[name];
    return revision === undefined ? null : (shown(find(revision, name)) as T);
  };
  const tags = field<string[]>('tags');
  const leadImage = field<StoryItem['leadImage']>('leadImage');
  if (tag !== null && !(Array.isArray(tags) && tags.includes(tag))) return undefined;
  return {
    story: describeStory(looking, describing),
    version: row.version,
    inForceFrom: row.inForceFrom,
    recordedAt: row.recordedAt,
    headline: field('headline'),
    standfirst: field('standfirst'),
    section: field('section'),
    tags: Array.isArray(tags) ? tags : [],
    leadImage: isAbsent(leadImage) ? null : leadImage,
    ...(row.hidden && { hidden: true as const }),
    ...(withdrawal && { withdrawal: describeWithdrawal(looking, withdrawal) }),
  };
}
