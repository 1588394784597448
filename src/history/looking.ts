/**
 * A viewer looking at a story: where the story stands now, what this viewer may know and see of it, and its texts as they
 * may be shown. Every answer is made from here, so that nothing is judged anywhere else.
 */
import type { Absent, Content } from '../content/types.js';
import { contentOf, type FindText, referencesOf, shown, without } from '../story/content-of.js';
import type { Reference } from '../story/events.js';
import { textKey } from '../story/evolve.js';
import { type Instant, msOf } from '../story/instant.js';
import { nowFor } from '../story/questions.js';
import {
  mayKnowOf,
  mayShow,
  mayShowStory,
  type StoryStanding,
  type Verdict,
  type Viewing,
} from '../story/visibility.js';
import type { Lying } from '../views/comparing-thread.js';
import type { WithdrawalRow } from '../views/notices.js';
import type { ReignRow } from '../views/reigns.js';
import type { StoryRow } from '../views/stories.js';
import type { Tables } from '../views/tables.js';
import type { ReadTexts } from '../views/texts.js';
import type { VersionRow } from '../views/versions.js';
import { refuse } from './problems.js';
import type { HistoryRefusal } from './refusals.js';

export interface Looking {
  tables: Tables;
  viewing: Viewing;
  row: StoryRow;
  now: Instant;
  /** What holds now. */
  reign: ReignRow | undefined;
  withdrawal: WithdrawalRow | undefined;
  standing: StoryStanding;
  /** Of the story as a whole. */
  verdict: Verdict;
  /** `textKey` of every text hidden from readers. */
  hidden: ReadonlySet<string>;
  /** Rows that were read for this answer, by number and by revision: several parts of it ask for the same. */
  read: { versions: Map<number, VersionRow | undefined>; texts: ReadTexts };
}

export function lookAt(tables: Tables, viewing: Viewing, row: StoryRow, clock: Instant): Looking {
  const now = nowFor(row.recordedAt, clock);
  const reign = tables.reignAt(row.id, now);
  const withdrawal = reign?.withdrawal ? tables.withdrawal(row.id, reign.withdrawal) : undefined;
  const standing = { withdrawn: withdrawal?.kind ?? null, shown: reign?.version ?? null };
  return {
    tables,
    viewing,
    row,
    now,
    reign,
    withdrawal,
    standing,
    verdict: mayShowStory(viewing, standing),
    hidden: new Set(tables.hiddenTexts(row.id).map(textKey)),
    read: { versions: new Map(), texts: new Map() },
  };
}

/** The story's version of this number, whoever may know of it. */
export function versionRow({ tables, row, read: { versions } }: Looking, version: number): VersionRow | undefined {
  if (!versions.has(version)) versions.set(version, tables.version(row.id, version));
  return versions.get(version);
}

export const spans = ({ from, until }: Pick<ReignRow, 'from' | 'until'>, at: Instant): boolean =>
  from <= at && (until === null || at < until);

/**
 * Tells whether nothing has been recorded of the story since, and no time has come at which it was to change: then the same
 * question of the same viewer, as of now or of `asked`, which had come, has the same answer. Keeps none of what was read.
 * `clock`: milliseconds since 1970; `settled`: as `Views` has it.
 */
export function holding(
  looking: Looking,
  { clock, settled }: { clock(): number; settled(): number | undefined },
  asked?: Instant,
): () => boolean {
  const { tables, row, reign } = looking;
  if (!reign) return () => false;
  const { id, revision } = row;
  const [recorded, from] = [msOf(row.recordedAt), msOf(reign.from)];
  const until = reign.until === null ? Number.POSITIVE_INFINITY : msOf(reign.until);
  const come = asked === undefined ? from : msOf(asked);
  let then: number | undefined;
  return () => {
    const now = Math.max(clock(), recorded);
    if (now < from || now >= until || now < come) return false;
    const since = settled();
    if (since !== undefined && since === then) return true;
    if (tables.revisionOf(id) !== revision) return false;
    then = since;
    return true;
  };
}

export const isStaff = ({ viewing }: Looking): boolean => viewing.audience === 'staff';

/** May they know that this version exists, its number and times? */
export const knows = (looking: Looking, version: VersionRow): boolean =>
  mayKnowOf(looking.viewing, looking.standing, version, looking.now) === 'show';

/** May they know of the version of this number? */
export function knowsNumber(looking: Looking, version: number): boolean {
  const row = versionRow(looking, version);
  return row !== undefined && knows(looking, row);
}

/** Were readers given it, and has it not been hidden since? Also where a withdrawal closes the story. */
export const wasShown = (looking: Looking, version: VersionRow): boolean =>
  mayKnowOf(looking.viewing, looking.standing, version, looking.now) !== 'not-found' && !version.hidden;

/** May they read it? */
export const sees = (looking: Looking, version: VersionRow): boolean =>
  mayShow(looking.viewing, looking.standing, version, looking.now) === 'show';

/** The story's version of this number if they may read it, else why not. */
export function readable(looking: Looking, version: number): { ok: true; value: VersionRow } | Refusing {
  const row = versionRow(looking, version);
  const verdict = row ? mayShow(looking.viewing, looking.standing, row, looking.now) : 'not-found';
  if (!row || verdict === 'not-found') return refuse('version-not-found', `This story has no version ${version}.`);
  if (verdict === 'version-hidden') {
    return refuse('version-hidden', `Version ${version} was in force; it is removed.`, { version });
  }
  return verdict === 'show' ? { ok: true, value: row } : closed(looking, verdict);
}

type Refusing = { ok: false; refusal: HistoryRefusal };

export const noStory = (name: string): Refusing => refuse('story-not-found', `There is no story "${name}".`);

/** Refusal of everything about a story that is not to be shown. */
export function closed(looking: Looking, verdict: Exclude<Verdict, 'show'>, name = looking.row.id): Refusing {
  switch (verdict) {
    case 'unpublished':
      return refuse('unpublished', 'This story is no longer published.', { story: looking.row.id });
    case 'killed':
      return refuse('killed', 'The publisher has withdrawn this story: it must not be used.', noticeMember(looking));
    case 'takedown':
      return refuse('takedown', 'This story has been removed by legal demand.', noticeMember(looking));
    default:
      return noStory(name);
  }
}

function noticeMember(looking: Looking): { story: string; notice?: string } {
  const notice = looking.withdrawal && noticeOf(looking, looking.withdrawal);
  return { story: looking.row.id, ...(typeof notice === 'string' && { notice }) };
}

/** The notice of a correction or withdrawal; null: none, or taken back. */
export const noticeOf = (looking: Looking, { noticeRevision }: { noticeRevision: number | null }) =>
  noticeRevision === null
    ? null
    : (shown(textsFor(looking, [[noticeRevision, 'notice']])(noticeRevision, 'notice')) as string | Absent);

/** What readers may be told of a withdrawal, also of one that has ended: going quietly takes no words. */
export const publicNotice = (looking: Looking, withdrawal: WithdrawalRow) =>
  withdrawal.kind === 'unpublished' ? null : noticeOf(looking, withdrawal);

/** Of the version that readers are shown, where this viewer may read it. */
export function headlineOf(looking: Looking): string | Absent | null {
  const { standing } = looking;
  const version = standing.shown === null ? undefined : versionRow(looking, standing.shown);
  const revision = version?.fields.headline;
  if (!version || revision === undefined || !sees(looking, version)) return null;
  return shown(textsFor(looking, [[revision, 'headline']])(revision, 'headline')) as string | Absent;
}

/** The story's present slug; null: none that may be shown. */
export const slugFor = (looking: Looking): string | null => {
  const { slug, slugRevision } = looking.row;
  const isHidden = slugRevision !== null && looking.hidden.has(textKey([slugRevision, 'slug']));
  return isHidden && !isStaff(looking) ? null : slug;
};

/** May they know that this slug, old or present, is the story's? Asking by a guess would confirm a hidden one. */
export const knowsSlug = (looking: Looking, slug: string): boolean =>
  isStaff(looking) ||
  looking.tables.slugClaims(looking.row.id, slug).some((revision) => !looking.hidden.has(textKey([revision, 'slug'])));

/** A look-up of these texts as this viewer may have them. */
export function textsFor(looking: Looking, references: readonly Reference[]): FindText {
  return without(looking.tables.textsOf(looking.row.id, references, looking.read.texts), withheldFrom(looking));
}

const withheldFrom = (looking: Looking): ReadonlySet<string> => (isStaff(looking) ? nothing : looking.hidden);
const nothing: ReadonlySet<string> = new Set();

/** Where a thread finds a version's content as this viewer may have it. What is recorded meanwhile may change that. */
export const contentLying = (looking: Looking, version: number): Lying => ({
  story: looking.row.id,
  version,
  withheld: [...withheldFrom(looking)],
});

/** A version's content as this viewer may have it. */
export function contentFor(looking: Looking, version: number): Content {
  const manifest = looking.tables.manifest(looking.row.id, version)!;
  return contentOf(manifest, textsFor(looking, referencesOf(manifest)));
}
