/**
 * The time rule of the product, in one place: what is in force at `at`, as known at `known`. Of what is recorded by
 * `known`: if the last recorded withdrawal or reinstatement effective by `at` is a withdrawal, the story is withdrawn;
 * otherwise the last recorded version that is not cancelled and has inForceFrom ≤ `at` is in force; otherwise nothing.
 *
 * The rule is kept as *reigns*: rectangles of valid time × transaction time that never overlap, so that an answer is one
 * look-up. An event changes only the end of the line, so a reign costs the same to find in the tenth version and in
 * the ten-thousandth. (The tests hold this against the rule as worded above.)
 */
import { earlierOf, type Instant } from './instant.js';

/** What holds over an interval of valid time. `from` is inside the interval, `until` is not; null means open-ended. */
export interface Reign {
  from: Instant;
  until: Instant | null;
  /** The version in force; during a withdrawal the one last in force before it, if any. */
  version: number | null;
  /** The withdrawal that closes the story over this interval. */
  withdrawal: string | null;
  /** Believed from this instant of recording … */
  knownFrom: Instant;
  /** … until before this one; null: still. */
  knownUntil: Instant | null;
}

/** From `from` on, until the next step: `value`. */
interface Step<T> {
  from: Instant;
  value: T;
}

export interface Timeline {
  /** By version, as if there were no withdrawals. */
  versions: readonly Step<number>[];
  /** The withdrawal in effect, null after a reinstatement. */
  withdrawals: readonly Step<string | null>[];
  /** The reigns believed now, in order of valid time, without gaps once they begin, `knownUntil` null. */
  reigns: readonly Reign[];
}

export const emptyTimeline: Timeline = { versions: [], withdrawals: [], reigns: [] };

/** A version takes its place: from its time on it is the last recorded. */
export const withVersion = (line: Timeline, version: number, from: Instant, recordedAt: Instant): Timeline =>
  reignFrom({ ...line, versions: stepped(line.versions, from, version) }, from, recordedAt);

/** A withdrawal (its id) or a reinstatement (null) takes effect. */
export const withWithdrawal = (line: Timeline, id: string | null, at: Instant, recordedAt: Instant): Timeline =>
  reignFrom({ ...line, withdrawals: stepped(line.withdrawals, at, id) }, at, recordedAt);

/**
 * A version was cancelled or its time corrected: `standing` are all that are not cancelled, in order of recording, with
 * their times as they are now; nothing before `since` is affected.
 */
export const withVersions = (
  line: Timeline,
  standing: Iterable<{ version: number; inForceFrom: Instant }>,
  since: Instant,
  recordedAt: Instant,
): Timeline => {
  let versions: readonly Step<number>[] = [];
  for (const { version, inForceFrom } of standing) versions = stepped(versions, inForceFrom, version);
  return reignFrom({ ...line, versions }, since, recordedAt);
};

/** What is believed now of `at`. */
export const reignAt = (line: Timeline, at: Instant): Reign | undefined => line.reigns[lastAt(line.reigns, at)];

/** The version readers are given over a reign; 0 for none, also during a withdrawal. */
export const inForceIn = (reign: Pick<Reign, 'version' | 'withdrawal'> | undefined): number =>
  reign && reign.withdrawal === null ? (reign.version ?? 0) : 0;

/** The version in force at `at`, or in force but for a withdrawal. */
export const versionAt = (line: Timeline, at: Instant): number | undefined =>
  line.versions[lastAt(line.versions, at)]?.value;

/** The reigns that an event ended and began: those of the one line that are not in the other. */
export function changedReigns(before: Timeline, after: Timeline): { ended: readonly Reign[]; begun: readonly Reign[] } {
  const most = Math.min(before.reigns.length, after.reigns.length);
  let same = 0;
  while (same < most && before.reigns[same] === after.reigns[same]) same++;
  const [was, is] = [before.reigns.slice(same), after.reigns.slice(same)];
  const kept = new Set(was).intersection(new Set(is));
  return { ended: was.filter((reign) => !kept.has(reign)), begun: is.filter((reign) => !kept.has(reign)) };
}

/** Index of the last step whose `from` is not after `at`, -1 if none. */
function lastAt(steps: readonly { from: Instant }[], at: Instant): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (steps[middle]!.from <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The last recorded wins from its time on, so it takes away every step at or after it. */
function stepped<T>(steps: readonly Step<T>[], from: Instant, value: T): readonly Step<T>[] {
  let keep = steps.length;
  while (keep > 0 && steps[keep - 1]!.from >= from) keep--;
  return [...steps.slice(0, keep), { from, value }];
}

/** Lays the reigns anew from `since` on; those that come out the same as before stay the same objects. */
function reignFrom(line: Timeline, since: Instant, recordedAt: Instant): Timeline {
  const { versions, withdrawals, reigns } = line;
  // A reign that ends just at `since` is laid anew too: what follows may now continue it.
  let keep = reigns.length;
  while (keep > 0 && (reigns[keep - 1]!.until ?? since) >= since) keep--;
  const kept = reigns.slice(0, keep);
  const old = new Map(reigns.slice(keep).map((reign) => [reign.from, reign]));

  const laid: Reign[] = [];
  let lastInForce = kept.at(-1)?.version ?? null;
  let from: Instant | undefined = earlierOf(reigns[keep]?.from ?? since, since);
  let v = lastAt(versions, from);
  let w = lastAt(withdrawals, from);
  while (from !== undefined) {
    const until: Instant | undefined = earliestOf(versions[v + 1]?.from, withdrawals[w + 1]?.from);
    const withdrawal = withdrawals[w]?.value ?? null;
    if (withdrawal === null) lastInForce = versions[v]?.value ?? null;
    const previous = laid.at(-1);
    if (previous?.until === from && previous.version === lastInForce && previous.withdrawal === withdrawal) {
      previous.until = until ?? null;
    } else if (lastInForce !== null || withdrawal !== null) {
      laid.push({
        from,
        until: until ?? null,
        version: lastInForce,
        withdrawal,
        knownFrom: recordedAt,
        knownUntil: null,
      });
    }
    if (until !== undefined && until === versions[v + 1]?.from) v++;
    if (until !== undefined && until === withdrawals[w + 1]?.from) w++;
    from = until;
  }
  const unchanged = (reign: Reign) => {
    const was = old.get(reign.from);
    const same = was?.until === reign.until && was.version === reign.version && was.withdrawal === reign.withdrawal;
    return same ? was : reign;
  };
  return { ...line, reigns: [...kept, ...laid.map(unchanged)] };
}

const earliestOf = (a: Instant | undefined, b: Instant | undefined) => (a && b ? earlierOf(a, b) : (a ?? b));
