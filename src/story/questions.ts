/** Questions about time that decisions, views and answers all ask of a story, each answered here only. */
import type { NewVersion } from './commands.js';
import { type Story, type Version, versionOf } from './evolve.js';
import { type Instant, laterOf, plusMs } from './instant.js';
import { inForceIn, reignAt, versionAt } from './timeline.js';
import { hasBeenInForce, standingOf } from './visibility.js';

/**
 * The one clock reading of a command, made to fit: later than everything recorded of the story, and never the very
 * millisecond at which a version comes into force (a reader may have been given that version in it).
 */
export function recordingTime(story: Story, clock: Instant): Instant {
  let at = story.recordedAt === null ? clock : laterOf(clock, plusMs(story.recordedAt, 1));
  while (reignAt(story.timeline, at)?.from === at) at = plusMs(at, 1);
  return at;
}

/** *Now* for a story: the later of the node's clock and the last thing recorded of it. */
export const nowFor = (recordedAt: Instant | null, clock: Instant): Instant =>
  recordedAt === null ? clock : laterOf(clock, recordedAt);

/** By how much the clock of a node that writes may be behind what is recorded, in milliseconds. */
const mostBehind = 10_000;

/** Whether what a node writes now would be recorded at a time that is not even nearly its own. */
export const isBehind = (story: Pick<Story, 'recordedAt'>, clock: Instant): boolean =>
  story.recordedAt !== null && plusMs(clock, mostBehind) < story.recordedAt;

/** Whether this version's time is still to come. */
export const isWaiting = (
  version: Pick<Version, 'cancelled' | 'inForceFrom' | 'inForceSince'>,
  now: Instant,
): boolean => !version.cancelled && version.inForceFrom > now && !hasBeenInForce(version, now);

/**
 * The version that a new one builds on: the named one; else the one in force, or in force but for a withdrawal; else the
 * latest that is not cancelled.
 */
export function baseOf(story: Story, named: number | undefined, now: Instant): Version | undefined {
  if (named !== undefined) return versionOf(story, named);
  const inForce = versionAt(story.timeline, now);
  if (inForce !== undefined) return versionOf(story, inForce);
  return story.versions.findLast((version) => !version.cancelled);
}

/** What a new version builds on: what it restores, else as `baseOf` says. */
export const baseFor = (story: Story, command: NewVersion, now: Instant): Version | undefined =>
  baseOf(story, command.restores ?? command.base, now);

/** The latest time of any version not cancelled, withdrawal or reinstatement, if there is one: an import lies behind it. */
export const lastTime = (story: Story): Instant | undefined =>
  [
    ...story.versions.filter(({ cancelled }) => !cancelled).map(({ inForceFrom }) => inForceFrom),
    ...story.timeline.withdrawals.map(({ from }) => from),
  ].reduce<Instant | undefined>((last, time) => (last ? laterOf(last, time) : time), undefined);

/** Whether readers are given this version (under a retraction's notice too), or will be: at its time, or after a withdrawal. */
export function isShownToReaders(story: Story, version: Version, now: Instant): boolean {
  const { version: number } = version;
  if (version.cancelled) return false;
  if (standingOf(story, now).shown === number || versionAt(story.timeline, now) === number) return true;
  return isWaiting(version, now);
}

/** The version readers are given at `now`; 0 for none, also during a withdrawal. */
export const versionInForce = (story: Story, now: Instant): number => inForceIn(reignAt(story.timeline, now));
