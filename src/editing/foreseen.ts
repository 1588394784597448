/** What a decision leads to before it is recorded: for those who want to see it first, and for the last check. */
import type { Content } from '../content/types.js';
import { contentOf, type FindText, referencesOf } from '../story/content-of.js';
import type { StoryEvent } from '../story/events.js';
import { type Story, versionOf } from '../story/evolve.js';
import { type Instant, plusMs } from '../story/instant.js';
import { versionInForce } from '../story/questions.js';
import { standingOf, statusOf } from '../story/visibility.js';
import type { Views } from '../views/views.js';
import type { Foreseen } from './change-story.js';

export interface Decided {
  ok: true;
  recordedAt: Instant;
  events: readonly StoryEvent[];
  /** Made or changed, or that already says all this; null where it is the story. */
  version: number | null;
  before: Story;
  after: Story;
  /** What a new version is compared with. */
  compared?: { version: number; content: Content };
  slug?: string;
}

export function foreseen(id: string, decided: Decided, views: Pick<Views, 'textsOf'>): Foreseen {
  const { events, version, before, after, compared, slug, recordedAt } = decided;
  const told = version === null ? undefined : versionOf(after, version);
  const isNew = version !== null && version > before.versions.length;
  return {
    ok: true,
    events: events.map(({ type, data }) => ({ type, data })) as Foreseen['events'],
    version,
    ...(told && { inForceFrom: told.inForceFrom }),
    ...(compared && isNew && { before: compared }),
    ...(isNew && { after: contentOf(told!.manifest, findIn(id, decided, views)) }),
    supersedes: after.versions
      .filter(({ supersededBy, version }) => supersededBy !== null && !before.versions[version - 1]?.cancelled)
      .map(({ version }) => version),
    readers: {
      status: statusOf(standingOf(after, recordedAt)),
      versionInForce: versionInForce(after, recordedAt),
    },
    ...(slug !== undefined && { slug }),
  };
}

/** Among the texts that are to be written, and those that are there. */
function findIn(id: string, { events, before, after, version }: Decided, views: Pick<Views, 'textsOf'>): FindText {
  const stored = views.textsOf(id, referencesOf(versionOf(after, version!)!.manifest));
  return (revision, name) => {
    const event = events[revision - before.revision - 1];
    if (!event) return stored(revision, name);
    return { value: (event.texts as { [name: string]: unknown })[name] };
  };
}

/** How long a recording may take in which an embargo ends unseen, in milliseconds. */
const recording = 1_000;

/**
 * Whether a version that comes into force while this is being recorded would then never have been: readers may be given
 * it before the recording is done.
 */
export const takesBackFromReaders = ({ before, after, recordedAt }: Decided): boolean =>
  before.versions.some(({ inForceSince }, index) => {
    if (inForceSince === null || inForceSince <= recordedAt || inForceSince > plusMs(recordedAt, recording))
      return false;
    const then = after.versions[index]!.inForceSince;
    return then === null || then > inForceSince;
  });
