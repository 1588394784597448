/**
 * Which public changes an event makes, by the story before and after it: facts alone, judged as readers could know at the
 * event's own time, so that every replay says the same.
 */
import { parse, v5 as uuidv5 } from 'uuid';
import { referencesOf } from '../story/content-of.js';
import { factsOfOpened, type Opened, type Reference } from '../story/events.js';
import { type Story, textKey, type Version, versionOf, withdrawalOf } from '../story/evolve.js';
import { type Instant, laterOf } from '../story/instant.js';
import { reignAt } from '../story/timeline.js';
import { hasBeenInForce, mayShowStory, standingOf } from '../story/visibility.js';
import type { Announcement } from './announcements.js';

interface Announcing {
  saved?: Announcement;
  /** Versions that no reader has had, and from when they will. */
  rescheduled: { version: number; due: Instant | null }[];
}

/**
 * An announcement's id is made with its event's, which is random: one of the story's id and the revision alone could be
 * tried out, and would tell how much is recorded that readers may not know of.
 */
export const announcementId = ({
  story,
  revision,
  metadata,
}: Pick<Opened, 'story' | 'revision' | 'metadata'>): string =>
  uuidv5(utf8.encode(`${story}/${revision}/${metadata.eventId}`), announcements);

/** Of RFC 9562, section 6.6: the namespace of their names. */
const announcements = parse('b3a1f4d0-6c1e-4a53-9b0e-5b7f6f0f5d3a');
const utf8 = new TextEncoder();

export function announcementsOf(before: Story, after: Story, event: Opened): Announcing {
  const { recordedAt } = event.metadata;
  const base = { revision: event.revision, id: announcementId(event) };
  const due = ({ inForceSince }: Version) => inForceSince && laterOf(inForceSince, recordedAt);
  const made = after.versions.length > before.versions.length ? after.versions.at(-1)! : undefined;
  const rescheduled = after.versions.filter((version, index) => {
    const was = before.versions[index];
    return was && was.inForceSince !== version.inForceSince && !hasBeenInForce(was, recordedAt);
  });
  const change = made
    ? { kind: 'version' as const, version: made.version, due: due(made) }
    : changeIn(before, after, event);
  return {
    ...(change && { saved: { ...base, version: null, subject: null, due: recordedAt, ...change } }),
    rescheduled: rescheduled.map((version) => ({ version: version.version, due: due(version) })),
  };
}

type Change = Pick<Announcement, 'kind'> & Partial<Announcement>;

/** What an event that makes no version is to readers. */
function changeIn(before: Story, after: Story, event: Opened): Change | undefined {
  const { recordedAt } = event.metadata;
  const facts = factsOfOpened(event);
  const standing = standingOf(after, recordedAt);
  const isOpen = mayShowStory(reader, standing) === 'show';
  const isPublic = (version: number) => hasBeenInForce(versionOf(before, version)!, recordedAt);
  const isShown = (version: number) => isPublic(version) && !versionOf(before, version)!.hidden;
  switch (facts.type) {
    case 'StoryWithdrawn': {
      const { withdrawal, at } = facts.data;
      return wasTold(after, at) ? { kind: 'withdrawal', subject: withdrawal, due: laterOf(at, recordedAt) } : undefined;
    }
    case 'StoryReinstated': {
      const { at } = facts.data;
      return wasTold(before, at) ? { kind: 'reinstatement', due: laterOf(at, recordedAt) } : undefined;
    }
    case 'NoticeAmended': {
      const { correction, withdrawal } = facts.data;
      if (withdrawal !== undefined) {
        const { kind, at } = withdrawalOf(after, withdrawal)!;
        return kind !== 'unpublished' && wasTold(after, at) ? { kind: 'notice', subject: withdrawal } : undefined;
      }
      const { version } = after.corrections.find(({ id }) => id === correction)!;
      return isOpen && isPublic(version) ? { kind: 'notice', version, subject: correction } : undefined;
    }
    case 'ChangeNoteAmended':
    case 'VersionReclassified':
      return isOpen && isShown(facts.data.version) ? { kind: 'changed', version: facts.data.version } : undefined;
    case 'VersionTimeCorrected':
    case 'VersionHidden':
    case 'VersionShown':
      return isOpen && isPublic(facts.data.version) ? { kind: 'changed', version: facts.data.version } : undefined;
    case 'TextsHidden':
    case 'TextsShown':
    case 'TextsErased':
      return isOpen ? textsChanged(after, facts.data.references, recordedAt) : undefined;
    case 'SlugChanged':
      return isOpen ? { kind: 'changed' } : undefined;
    default:
      return undefined;
  }
}

const reader = { audience: 'public', publicHistory: 'all' } as const;

/** Whether readers had the story before a withdrawal that held then, and so met it. */
const wasTold = (story: Story, at: Instant): boolean => typeof reignAt(story.timeline, at)?.version === 'number';

/** Where these texts were given to readers: the last version that has any of them; none: beside the versions. */
function textsChanged(story: Story, references: readonly Reference[], now: Instant): Change | undefined {
  const gone = new Set(references.map(textKey));
  const has = (reference: Reference | null) => reference !== null && gone.has(textKey(reference));
  const inForce = story.versions.filter((version) => hasBeenInForce(version, now));
  const noticed = new Set(story.corrections.filter(({ notice }) => has(notice)).map(({ version }) => version));
  // Of a version that is hidden readers have no text but its correction's.
  const version = inForce.findLast(
    ({ version, note, manifest, hidden }) =>
      noticed.has(version) || (!hidden && (has(note) || referencesOf(manifest).some(has))),
  );
  if (version) return { kind: 'changed', version: version.version };
  const told = has(story.slug) || story.withdrawals.some(({ notice, kind }) => kind !== 'unpublished' && has(notice));
  return told ? { kind: 'changed' } : undefined;
}
