/**
 * Who may see what: one function, `mayShow`, always judged by all that is recorded now, whatever time was asked about.
 * Staff see everything, marked. A reader sees a version only if it is or was in force, and it is neither hidden nor
 * closed by a withdrawal. Works on the few facts it needs, so that views and folded stories ask the same judge.
 */
import type { WithdrawalKind } from './events.js';
import { type Story, withdrawalOf } from './evolve.js';
import type { Instant } from './instant.js';
import { reignAt } from './timeline.js';

export type Audience = 'public' | 'staff';

/** The publisher's policy: with `none` readers get only what is in force, and its corrections. */
export type PublicHistory = 'all' | 'none';

export interface Viewing {
  audience: Audience;
  publicHistory: PublicHistory;
}

/** What judging needs to know of a story, as it stands now. */
export interface StoryStanding {
  /** The withdrawal that closes it now, if any. */
  withdrawn: WithdrawalKind | null;
  /** In force now or, during a withdrawal, last in force before it; null: no version has been in force. */
  shown: number | null;
}

/** What judging needs to know of a version. */
export interface VersionStanding {
  version: number;
  inForceSince: Instant | null;
  hidden: boolean;
}

/** Whether readers have ever been given this version. */
export const hasBeenInForce = ({ inForceSince }: Pick<VersionStanding, 'inForceSince'>, now: Instant): boolean =>
  inForceSince !== null && inForceSince <= now;

/**
 * `show`; `not-found`: answer as if it had never been; `version-hidden`: it was in force and is removed; a withdrawal's
 * kind: closed by it.
 */
export type Verdict = 'show' | 'not-found' | 'version-hidden' | Exclude<WithdrawalKind, 'retracted'>;

/** May this viewer see the story at all, and the page of what is in force? */
export function mayShowStory({ audience }: Viewing, story: StoryStanding): Verdict {
  if (audience === 'staff') return 'show';
  if (story.shown === null) return 'not-found';
  return story.withdrawn === null || story.withdrawn === 'retracted' ? 'show' : story.withdrawn;
}

/** May this viewer see this version, its place in lists and what is derived from it? */
export function mayShow(viewing: Viewing, story: StoryStanding, version: VersionStanding, now: Instant): Verdict {
  if (viewing.audience === 'staff') return 'show';
  const verdict = mayKnowOf(viewing, story, version, now);
  if (verdict !== 'show') return verdict;
  return version.hidden ? 'version-hidden' : 'show';
}

/** May this viewer know that this version exists, with its number and times? (A hidden one keeps its place in lists.) */
export function mayKnowOf(viewing: Viewing, story: StoryStanding, version: VersionStanding, now: Instant): Verdict {
  const whole = mayShowStory(viewing, story);
  if (viewing.audience === 'staff') return whole;
  // A version no reader was ever given answers like a number never used, whatever else is true of the story.
  if (!hasBeenInForce(version, now)) return 'not-found';
  // Nor, where only what is in force is public, does a withdrawal tell how many versions there were before it.
  if (viewing.publicHistory === 'none' && version.version !== story.shown) return 'not-found';
  return whole;
}

/** The standing of a folded story at `now`. */
export function standingOf(story: Story, now: Instant): StoryStanding {
  const reign = reignAt(story.timeline, now);
  const withdrawal = reign?.withdrawal ? withdrawalOf(story, reign.withdrawal) : undefined;
  return { withdrawn: withdrawal?.kind ?? null, shown: reign?.version ?? null };
}

export type StoryStatus = 'not-yet-in-force' | 'published' | WithdrawalKind;

/** A story's status at an instant, from its reign there. */
export const statusOf = (standing: StoryStanding): StoryStatus =>
  standing.withdrawn ?? (standing.shown === null ? 'not-yet-in-force' : 'published');
