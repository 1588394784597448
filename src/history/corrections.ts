/**
 * The list of corrections: what readers were told was wrong, in every story or in one, the latest first. A retraction
 * that stands corrects the record too: it is the whole story taken back, and a kind of its own. One that was ended is the
 * story's past (its history tells it) and no longer listed; nor is anything of a story that is closed.
 */
import { type Instant, parseInstant } from '../story/instant.js';
import type { Viewing } from '../story/visibility.js';
import type { CorrectionPlace } from '../views/notices.js';
import type { Tables } from '../views/tables.js';
import { decodeCursor, encodeCursor } from '../web/cursor.js';
import type { CorrectionItem, Page } from './answers.js';
import { type Describing, describeCorrection, describeStory } from './describe.js';
import { limitOf } from './lists.js';
import { headlineOf, type Looking, lookAt, noticeOf } from './looking.js';
import type { CorrectionsAsked } from './questions.js';

const isPlace = (value: unknown): value is CorrectionPlace => {
  const { at, story, id } = (value ?? {}) as Record<string, unknown>;
  return typeof at === 'string' && parseInstant(at) === at && typeof story === 'string' && typeof id === 'string';
};

/** `story`: the id of one that may be shown. Throws Refused `bad-cursor`. */
export function listCorrections(
  tables: Tables,
  viewing: Viewing,
  clock: Instant,
  { cursor, limit: asked, story }: CorrectionsAsked,
  describing: Describing,
): Page<CorrectionItem> {
  const limit = limitOf(asked);
  let after = cursor === undefined ? null : decodeCursor('corrections', cursor, isPlace);
  const items: { item: CorrectionItem; place: CorrectionPlace }[] = [];
  for (;;) {
    const found = tables.correctionPlaces({ story: story ?? null, after, limit: limit + 1 });
    for (const place of found) {
      const item = itemAt(lookAt(tables, viewing, tables.story(place.story)!, clock), place, describing);
      if (item) items.push({ item, place });
    }
    after = found.at(-1) ?? null;
    if (items.length > limit || found.length <= limit) break;
  }
  const next = items.length > limit ? encodeCursor('corrections', items[limit - 1]!.place) : null;
  return { items: items.slice(0, limit).map(({ item }) => item), next };
}

/** What the viewer may be told at this place of the list; by the story's own *now* its time may not have come. */
function itemAt(looking: Looking, { id }: CorrectionPlace, describing: Describing): CorrectionItem | undefined {
  const { tables, row, verdict, withdrawal } = looking;
  if (verdict !== 'show') return undefined;
  const about = () => ({ story: describeStory(looking, describing), headline: headlineOf(looking) });
  const correction = tables.correction(row.id, id);
  if (correction) {
    const described = describeCorrection(looking, correction);
    if (!described || described.at === null) return undefined;
    return { ...about(), ...described, at: described.at };
  }
  if (withdrawal?.id !== id) return undefined;
  return { ...about(), id, kind: 'retraction', corrects: [], at: withdrawal.at, notice: noticeOf(looking, withdrawal) };
}
