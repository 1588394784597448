/** The time rule of timeline.ts, word for word and slow: what the reigns are held against. */
import type { RecordedFacts } from './events.js';
import type { Instant } from './instant.js';

export interface Answer {
  version: number | null;
  withdrawal: string | null;
}

/** What is in force at `at`, as known at `known`. During a withdrawal the version is the one last in force before it. */
export function inForceByTheBook(events: readonly RecordedFacts[], at: Instant, known: Instant): Answer | undefined {
  const recorded = events.filter((event) => event.metadata.recordedAt <= known);
  const versions = new Map<number, Instant>();
  const cancelled = new Set<number>();
  const closings: { at: Instant; id: string | null }[] = [];
  for (const { type, data } of recorded) {
    if ('manifest' in data && !versions.has(data.version)) versions.set(data.version, data.inForceFrom);
    if (type === 'VersionTimeCorrected') versions.set(data.version, data.inForceFrom);
    if (type === 'VersionCancelled') cancelled.add(data.version);
    if (type === 'StoryWithdrawn') closings.push({ at: data.at, id: data.withdrawal });
    if (type === 'StoryReinstated') closings.push({ at: data.at, id: null });
  }
  const closingAt = (t: Instant) => closings.findLast((closing) => closing.at <= t);
  const versionAt = (t: Instant) => {
    let found: number | null = null;
    for (const [version, from] of versions) if (!cancelled.has(version) && from <= t) found = version;
    return found;
  };
  const closing = closingAt(at);
  if (closing?.id == null) {
    const version = versionAt(at);
    return version === null ? undefined : { version, withdrawal: null };
  }
  // The version last in force before `at`: step back over every moment at which anything begins.
  const moments = [...versions.values(), ...closings.map((c) => c.at)].filter((t) => t <= at).sort();
  for (const [i, moment] of moments.entries().toArray().reverse()) {
    const end = moments[i + 1];
    if (end === moment || closingAt(moment)?.id != null) continue;
    return { version: versionAt(moment), withdrawal: closing.id };
  }
  return { version: null, withdrawal: closing.id };
}
