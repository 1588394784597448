/** The list of a story's versions. Cursors are keysets, so pages don't shift. */
import type { Act } from '../story/events.js';
import type { VersionRow } from '../views/versions.js';
import { decodeCursor, encodeCursor } from '../web/cursor.js';
import type { Page, VersionItem } from './answers.js';
import { boundOf, type Describing, describeItems } from './describe.js';
import { isStaff, knows, type Looking, sees, textsFor } from './looking.js';
import type { VersionsAsked } from './questions.js';

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
