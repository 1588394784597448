/** Decides changes of what is said about a version: its note, time, significance, labels, and whether it is hidden. */
import { type AmendVersion, type Circumstances, type Decision, refuse } from './commands.js';
import type { StoryEvent } from './events.js';
import { type Story, type Version, versionOf } from './evolve.js';
import { foresee } from './foresee.js';
import type { Instant } from './instant.js';
import { isShownToReaders } from './questions.js';
import type { Refusal } from './refusals.js';
import { inForceIn, type Reign } from './timeline.js';
import { hasBeenInForce } from './visibility.js';

/** One event a member, all or nothing; a member that changes nothing makes none. */
export function decideAmendVersion(story: Story, command: AmendVersion, circumstances: Circumstances): Decision {
  const { version, note, significance, labels, hidden, force } = command;
  const present = versionOf(story, version);
  if (!present) return refuse({ code: 'version-not-found', version });
  const reason = command.reason === undefined ? {} : { reason: command.reason };
  const events: StoryEvent[] = [];
  if (note !== undefined && (note !== null || present.note)) {
    events.push({ type: 'ChangeNoteAmended', data: { version }, texts: note === null ? {} : { note } });
  }
  const inForceFrom = command.inForceFrom === 'now' ? circumstances.recordedAt : command.inForceFrom;
  if (inForceFrom !== undefined && inForceFrom !== present.inForceFrom) {
    const corrected: StoryEvent = { type: 'VersionTimeCorrected', data: { version, inForceFrom }, texts: reason };
    const refusal = whyNotAt(story, present, inForceFrom, circumstances.recordedAt);
    if (refusal) return refuse(refusal);
    events.push(corrected);
  }
  if (significance !== undefined && significance !== present.significance) {
    events.push({ type: 'VersionReclassified', data: { version, significance }, texts: reason });
  }
  if (labels !== undefined && (labels.length > 0 || present.labels)) {
    events.push({ type: 'VersionLabelled', data: { version }, texts: { labels: [...labels] } });
  }
  if (hidden !== undefined && hidden !== present.hidden) {
    const then = foresee(story, events, circumstances.recordedAt);
    if (hidden && !force && isShownToReaders(then, versionOf(then, version)!, circumstances.recordedAt)) {
      return refuse({ code: 'shown-to-readers', version });
    }
    events.push({ type: hidden ? 'VersionHidden' : 'VersionShown', data: { version }, texts: reason });
  }
  return { ok: true, version, events };
}

/** Why a version's time can't be corrected to this one, at `now`. */
export const whyNotAt = (story: Story, version: Version, to: Instant, now: Instant): Refusal | undefined =>
  misplaced(story, version, to, now) ?? undoing(story, version, to, now);

function misplaced(story: Story, version: Version, to: Instant, now: Instant): Refusal | undefined {
  const { version: number, inForceFrom } = version;
  if (version.cancelled) return { code: 'version-cancelled', version: number };
  const standing = story.versions.filter((other) => !other.cancelled);
  const after = standing.findLast((other) => other.version < number)?.inForceFrom ?? null;
  const before = standing.find((other) => other.version > number)?.inForceFrom ?? null;
  if ((after !== null && to <= after) || (before !== null && to >= before)) {
    return { code: 'time-not-between', version: number, after, before };
  }
  if (!hasBeenInForce(version, now)) {
    return to < now ? { code: 'time-in-the-past', inForceFrom: to, recordedAt: now } : undefined;
  }
  return to > inForceFrom ? { code: 'time-only-earlier', version: number, inForceFrom } : undefined;
}

/** Beside withdrawals a version brought forward could take all of another's time in force. */
function undoing(story: Story, { version }: Version, inForceFrom: Instant, now: Instant): Refusal | undefined {
  const corrected: StoryEvent = { type: 'VersionTimeCorrected', data: { version, inForceFrom }, texts: {} };
  const { reigns } = foresee(story, [corrected], now).timeline;
  const reignsIn = (line: readonly Reign[], { version }: Version) => line.some((reign) => inForceIn(reign) === version);
  const past = reigns.filter(({ from }) => from <= now);
  const undone = story.versions.find(
    (other) => hasBeenInForce(other, now) && reignsIn(story.timeline.reigns, other) && !reignsIn(past, other),
  );
  return undone && { code: 'time-undoes-version', version, undone: undone.version };
}
