/**
 * The public stream: each change that readers could notice, as readers may know of it by all that is recorded now,
 * whoever asks. A list, the latest first; and from a place on, in the order in which this node told them.
 */
import { fromMs, type Instant, parseInstant, plusMs } from '../story/instant.js';
import type { AnnouncementRow } from '../views/announcements.js';
import type { Tables } from '../views/tables.js';
import { decodeCursor, encodeCursor } from '../web/cursor.js';
import type { ChangeAnswer, ChangeType, Followed, Page } from './answers.js';
import {
  againstOf,
  type Describing,
  describeCorrection,
  describeItems,
  describeStory,
  onlyPresent,
} from './describe.js';
import { limitOf } from './lists.js';
import { knows, type Looking, lookAt, publicNotice, sees } from './looking.js';
import type { ChangesAsked, Following } from './questions.js';

/** Another node told things in another order, and some a little earlier. In milliseconds. */
const overlap = 60_000;
/** Announcements looked into before others have their turn: a stream may pass over many that it does not tell. */
const mostLookedInto = 100;

/** Where the stream was left: at an announcement of a node, or at that node's beginning; and when that was due. */
interface Left {
  node: string;
  id: string | null;
  at: Instant;
}

const isInstant = (value: unknown): value is Instant => typeof value === 'string' && parseInstant(value) === value;

const isLeft = (value: unknown): value is Left => {
  const { node, id, at } = (value ?? {}) as Record<string, unknown>;
  return typeof node === 'string' && (id === null || typeof id === 'string') && isInstant(at);
};

const isListed = (value: unknown): value is { id: string; at: Instant } => {
  const { id, at } = (value ?? {}) as Record<string, unknown>;
  return typeof id === 'string' && isInstant(at);
};

type Behind = Pick<AnnouncementRow, 'due' | 'story' | 'revision'>;
type LatestAsked = Omit<ChangesAsked, 'cursor'> & { from?: Behind };

export function openChanges(tables: Tables, clock: () => number, describing: Describing) {
  const { policy } = describing;
  const viewing = { audience: 'public', publicHistory: policy.publicHistory } as const;
  const describe = (row: AnnouncementRow) =>
    describeChange(lookAt(tables, viewing, tables.story(row.story)!, fromMs(clock())!), row, describing);
  const cursorOf = (id: string | null, at: Instant) =>
    encodeCursor('changes', { node: tables.streamNode(), id, at } satisfies Left);

  /** The last up to there that readers are told of: another's id would show them that there was something. */
  function lastTold(place: number): string | null {
    let row = tables.announcedUpTo(place);
    for (let looked = 1; row && looked < mostLookedInto && !describe(row); looked++) {
      row = tables.announcedUpTo(row.number - 1);
    }
    return row?.id ?? null;
  }

  return {
    /** Where a cursor of `latest` leads. Throws Refused `bad-cursor`. */
    behind(cursor: string): Behind {
      const { id, at } = decodeCursor('changes-latest', cursor, isListed);
      return tables.announcement(id) ?? { due: at, story: '', revision: 0 };
    },

    /** `story`: the id of one that may be shown. Others have their turn meanwhile. */
    async latest({ story, from, limit: asked, isWanted = () => true }: LatestAsked): Promise<Page<ChangeAnswer>> {
      const limit = limitOf(asked);
      let after = from ?? null;
      const items: ChangeAnswer[] = [];
      const look = () => {
        const found = tables.latestAnnouncements({
          story: story ?? null,
          clock: fromMs(clock())!,
          after,
          limit: limit + 1,
        });
        items.push(...found.flatMap((row) => describe(row) ?? []));
        after = found.at(-1) ?? null;
        return items.length <= limit && found.length > limit;
      };
      while (tables.inOneState(look) && isWanted()) await new Promise(setImmediate);
      const last = items.length > limit ? items[limit - 1]! : undefined;
      const next = last ? encodeCursor('changes-latest', { id: last.id, at: last.at }) : null;
      return { items: items.slice(0, limit), next };
    },

    /** The place to go on from: behind a cursor, from an instant, or from now. Throws Refused `bad-cursor`. */
    placeAfter(after?: string): number {
      const last = tables.lastAnnounced();
      if (after === undefined) return last;
      const since = (at: Instant) => (tables.firstAnnouncedSince(at) ?? last + 1) - 1;
      const instant = parseInstant(after);
      if (instant) return since(instant);
      const { node, id, at } = decodeCursor('changes', after, isLeft);
      const here = node !== tables.streamNode() ? undefined : id === null ? 0 : tables.announcedNumber(id);
      return here ?? since(plusMs(at, -overlap));
    },

    /** A cursor for this place that tells no time but the clock's. */
    cursorAt: (place: number): string => cursorOf(lastTold(place), fromMs(clock())!),

    follow({ place, story, type, limit: asked }: Following): Followed {
      const limit = limitOf(asked);
      const rows = tables.announcedAfter(place, mostLookedInto, story ?? null);
      const items: Followed['items'] = [];
      const passed: Followed['passed'] = { count: 0, cursor: null };
      let reached = place;
      for (const row of rows) {
        const change = describe(row);
        // What is not told is nothing to come back for.
        if (change && items.length === limit) return { items, passed, place: reached, end: false };
        if (change) {
          const cursor = cursorOf(row.id, row.due);
          if (type === undefined || change.type === type) items.push({ change, cursor });
          else {
            passed.count++;
            passed.cursor = cursor;
          }
        }
        reached = row.number;
      }
      return { items, passed, place: reached, end: rows.length < mostLookedInto };
    },
  };
}

/** What a reader may know of a change; `undefined`: nothing, not even that there was one. */
function describeChange(looking: Looking, row: AnnouncementRow, describing: Describing): ChangeAnswer | undefined {
  const { tables, standing } = looking;
  const { id, due: at, kind, subject } = row;
  if (standing.shown === null || at > looking.now) return undefined;
  const withdrawal = row.version === null && subject !== null ? tables.withdrawal(row.story, subject) : undefined;
  const isPresent = withdrawal !== undefined && withdrawal.id === looking.withdrawal?.id;
  const away = withdrawal && {
    withdrawal: { kind: withdrawal.kind, from: withdrawal.at, notice: publicNotice(looking, withdrawal) },
  };
  if (looking.verdict !== 'show') {
    // How often it changed before would tell how many versions there are.
    if (!isPresent || (kind === 'notice' && withdrawal.kind === 'unpublished')) return undefined;
    return { id, type: kind as ChangeType, at, story: { id: row.story, slug: null, status: withdrawal.kind }, ...away };
  }

  const story = describeStory(looking, { ...describing, writes: false });
  if (row.version === null) {
    if (!onlyPresent(looking) || isPresent) return { id, type: kind as ChangeType, at, story, ...away };
    // That it was away is the past, and not public; that something is otherwise since may be.
    const present = tables.version(row.story, standing.shown)!;
    return at > present.inForceSince! ? { id, type: 'changed', at, story } : undefined;
  }

  const version = tables.version(row.story, row.version)!;
  if (!knows(looking, version)) return undefined;
  const [item] = describeItems(looking, [version], { ...describing, unmeasured: true });
  const { changes: _, ...described } = item!;
  const isNew = kind === 'version' && sees(looking, version);
  const against = isNew ? againstOf(looking, version) : null;
  const made = isNew ? correctionBy(looking, row.version) : undefined;
  const noticed = kind === 'notice' ? tables.correction(row.story, subject!) : made;
  const correction = noticed && describeCorrection(looking, noticed);
  return {
    id,
    type: made ? 'correction' : kind,
    at,
    story,
    version: described,
    ...(against !== null && { against }),
    ...(correction && { correction }),
  };
}

const correctionBy = (looking: Looking, version: number) =>
  looking.tables.corrections(looking.row.id).find((correction) => correction.version === version);
