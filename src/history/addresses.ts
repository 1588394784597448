/** Which story has an address as its publisher's own page, as far as a viewer may know. */
import { comparableUrl } from '../content/url.js';
import type { Instant } from '../story/instant.js';
import type { Viewing } from '../story/visibility.js';
import type { Tables } from '../views/tables.js';
import type { VersionRow } from '../views/versions.js';
import { isStaff, type Looking, lookAt, sees, textsFor, versionRow, wasShown } from './looking.js';

/**
 * The story that was first in force with this address (see `comparableUrl`) and still says so in some version that this
 * viewer may know it from; the story may be closed.
 */
export function storyAt(tables: Tables, viewing: Viewing, clock: Instant, address: string): Looking | undefined {
  let first: { looking: Looking; since: Instant | null } | undefined;
  for (const story of tables.storiesAt(address)) {
    const looking = lookAt(tables, viewing, tables.story(story)!, clock);
    for (const number of tables.versionsAt(story, address)) {
      const version = tables.version(story, number)!;
      if (!tellsOf(looking, version)) continue;
      if (!first || isBefore(version.inForceSince, first.since)) first = { looking, since: version.inForceSince };
      break;
    }
  }
  return first?.looking;
}

/** To staff also a version that never was in force tells of its address, behind all others. */
const isBefore = (a: Instant | null, b: Instant | null): boolean => a !== null && (b === null || a < b);

function tellsOf(looking: Looking, version: VersionRow): boolean {
  if (isStaff(looking)) return true;
  const revision = version.fields.url;
  if (revision === undefined || !wasShown(looking, version)) return false;
  return 'value' in textsFor(looking, [[revision, 'url']])(revision, 'url');
}

/** The publisher's own page for the story, as what is shown now has it; `undefined`: none that may be told. */
export function urlOf(looking: Looking): string | undefined {
  const { standing } = looking;
  const version = standing.shown === null ? undefined : versionRow(looking, standing.shown);
  if (version?.fields.url === undefined || !sees(looking, version)) return undefined;
  const found = textsFor(looking, [[version.fields.url, 'url']])(version.fields.url, 'url');
  return 'value' in found ? (found.value as string) : undefined;
}

/** The same, written as it is compared; null: none of its own. */
export function addressOf(looking: Looking): string | null {
  const { tables, viewing, row, now } = looking;
  const url = urlOf(looking);
  const address = url === undefined ? undefined : comparableUrl(url);
  if (address === undefined) return null;
  return storyAt(tables, viewing, now, address)?.row.id === row.id ? address : null;
}
