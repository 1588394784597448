/**
 * What the facts of a story's events add up to: all that is needed to decide what may happen next, and no text. Folding
 * never fails on what `decide` let through.
 */
import type {
  Act,
  CorrectionKind,
  Manifest,
  RecordedFacts,
  Reference,
  Significance,
  WithdrawalKind,
} from './events.js';
import { earlierOf, type Instant } from './instant.js';
import {
  changedReigns,
  emptyTimeline,
  inForceIn,
  type Timeline,
  versionAt,
  withVersion,
  withVersions,
  withWithdrawal,
} from './timeline.js';

export interface Version {
  version: number;
  base: number | null;
  /** What would be in force at its time if it had not been made, withdrawals aside. */
  succeeds: number | null;
  acts: readonly Act[];
  significance: Significance;
  inForceFrom: Instant;
  recordedAt: Instant;
  /** Of the event whose manifest is the version. */
  revision: number;
  manifest: Manifest;
  /** Where the present change note was written. */
  note: Reference | null;
  labels: Reference | null;
  imported: boolean;
  cancelled: boolean;
  supersededBy: number | null;
  restored: number | null;
  hidden: boolean;
  /**
   * The start of its first time in force, past or to come; null while it has none. Once past, it is never lost: a
   * version that has been in force always was.
   */
  inForceSince: Instant | null;
}

export interface Correction {
  id: string;
  version: number;
  kind: CorrectionKind;
  corrects: readonly number[];
  /** null: taken back. */
  notice: Reference | null;
}

export interface Withdrawal {
  id: string;
  kind: WithdrawalKind;
  at: Instant;
  notice: Reference | null;
}

export interface Story {
  /** Of the last event; -1 before the first. */
  revision: number;
  /** Of the last event. */
  recordedAt: Instant | null;
  /** Version n is at index n - 1. */
  versions: readonly Version[];
  timeline: Timeline;
  corrections: readonly Correction[];
  withdrawals: readonly Withdrawal[];
  slug: Reference | null;
  /** `textKey` of every text hidden now, with the revision of the hiding. */
  hiddenTexts: ReadonlyMap<string, number>;
  /** `textKey` of every text erased. */
  erasedTexts: ReadonlySet<string>;
}

export const initialStory: Story = {
  revision: -1,
  recordedAt: null,
  versions: [],
  timeline: emptyTimeline,
  corrections: [],
  withdrawals: [],
  slug: null,
  hiddenTexts: new Map(),
  erasedTexts: new Set(),
};

export const textKey = ([revision, name]: Reference): string => `${revision}/${name}`;

export const versionOf = (story: Story, version: number): Version | undefined => story.versions[version - 1];

export const withdrawalOf = (story: Story, id: string): Withdrawal | undefined =>
  story.withdrawals.find((withdrawal) => withdrawal.id === id);

/** The story after one more event. */
export function evolve(story: Story, event: RecordedFacts): Story {
  const { revision, metadata } = event;
  return applied({ ...story, revision, recordedAt: metadata.recordedAt }, event);
}

function applied(story: Story, event: RecordedFacts): Story {
  const { revision } = event;
  const { recordedAt } = event.metadata;
  switch (event.type) {
    case 'StoryPublished':
      return withNewVersion({ ...story, slug: [revision, 'slug'] }, event, { significance: 'major' });
    case 'StoryUpdated':
      return withNewVersion(story, event, { base: event.data.base, significance: event.data.significance });
    case 'StatementAdded':
      return withNewVersion(story, event, { base: event.data.base });
    case 'VersionRestored':
      return withNewVersion(story, event, { base: event.data.restored, restored: event.data.restored });
    case 'CorrectionIssued': {
      const { correction: id, version, kind, corrects, base } = event.data;
      const notice = written(event, 'notice');
      const corrections = [...story.corrections, { id, version, kind, corrects, notice }];
      return withNewVersion({ ...story, corrections }, event, { base });
    }
    case 'VersionCancelled': {
      const { version, supersededBy = null } = event.data;
      const next = changeVersion(story, version, { cancelled: true, supersededBy });
      return relaid(next, versionOf(story, version)!.inForceFrom, recordedAt);
    }
    case 'VersionTimeCorrected': {
      const { version, inForceFrom } = event.data;
      const was = versionOf(story, version)!.inForceFrom;
      const next = changeVersion(story, version, { inForceFrom });
      return relaid(next, earlierOf(was, inForceFrom), recordedAt);
    }
    case 'StoryWithdrawn': {
      const { withdrawal: id, kind, at } = event.data;
      const withdrawals = [...story.withdrawals, { id, kind, at, notice: written(event, 'notice') }];
      const timeline = withWithdrawal(story.timeline, id, at, recordedAt);
      return reckoned(story, { ...story, withdrawals, timeline }, recordedAt);
    }
    case 'StoryReinstated': {
      const timeline = withWithdrawal(story.timeline, null, event.data.at, recordedAt);
      return reckoned(story, { ...story, timeline }, recordedAt);
    }
    case 'NoticeAmended': {
      const { correction, withdrawal } = event.data;
      const notice = written(event, 'notice');
      const amended = <T extends { id: string }>(all: readonly T[], id: string | undefined) =>
        all.map((one) => (one.id === id ? { ...one, notice } : one));
      return {
        ...story,
        corrections: amended(story.corrections, correction),
        withdrawals: amended(story.withdrawals, withdrawal),
      };
    }
    case 'ChangeNoteAmended':
      return changeVersion(story, event.data.version, { note: written(event, 'note') });
    case 'VersionReclassified':
      return changeVersion(story, event.data.version, { significance: event.data.significance });
    case 'VersionLabelled':
      return changeVersion(story, event.data.version, { labels: written(event, 'labels') });
    case 'SlugChanged':
      return { ...story, slug: [revision, 'slug'] };
    case 'VersionHidden':
      return changeVersion(story, event.data.version, { hidden: true });
    case 'VersionShown':
      return changeVersion(story, event.data.version, { hidden: false });
    case 'TextsHidden':
      return {
        ...story,
        hiddenTexts: new Map([
          ...story.hiddenTexts,
          ...event.data.references.map((text) => [textKey(text), revision] as const),
        ]),
      };
    case 'TextsShown': {
      const shown = keysOf(event.data.references);
      return { ...story, hiddenTexts: new Map([...story.hiddenTexts].filter(([key]) => !shown.has(key))) };
    }
    case 'TextsErased':
      return { ...story, erasedTexts: story.erasedTexts.union(keysOf(event.data.references)) };
  }
}

/** A reference to a text of this event, if it has one by that name. */
const written = (event: RecordedFacts, name: string): Reference | null =>
  event.textNames.includes(name) ? [event.revision, name] : null;

const keysOf = (references: readonly Reference[]): Set<string> => new Set(references.map(textKey));

const changeVersion = (story: Story, version: number, change: Partial<Version>): Story => ({
  ...story,
  versions: story.versions.with(version - 1, { ...versionOf(story, version)!, ...change }),
});

type VersionMaking = Extract<RecordedFacts, { data: { manifest: Manifest } } | { type: 'StoryPublished' }>;

function withNewVersion(
  story: Story,
  event: VersionMaking,
  says: { base?: number | null; significance?: Significance; restored?: number },
): Story {
  const { type, revision, data, metadata } = event;
  const { version, inForceFrom, manifest, imported = false } = data;
  const { recordedAt } = metadata;
  const act = type as Act;
  const first = versionOf(story, version);
  if (first) {
    // A further event of the command that made this version: its manifest is now the version's.
    const { base: _, ...more } = says;
    return changeVersion(story, version, {
      ...more,
      acts: [...first.acts, act],
      revision,
      manifest,
      note: written(event, 'note') ?? first.note,
    });
  }
  const next: Version = {
    version,
    base: says.base ?? null,
    succeeds: versionAt(story.timeline, inForceFrom) ?? null,
    acts: [act],
    significance: says.significance ?? 'major',
    inForceFrom,
    recordedAt,
    revision,
    manifest,
    note: written(event, 'note'),
    labels: null,
    imported,
    cancelled: false,
    supersededBy: null,
    restored: says.restored ?? null,
    hidden: false,
    inForceSince: null,
  };
  const timeline = withVersion(story.timeline, version, inForceFrom, recordedAt);
  return reckoned(story, { ...story, versions: [...story.versions, next], timeline }, recordedAt);
}

/** After a cancellation or a corrected time, which change nothing before `since`. */
function relaid(story: Story, since: Instant, recordedAt: Instant): Story {
  const standing = story.versions.filter((version) => !version.cancelled);
  return reckoned(story, { ...story, timeline: withVersions(story.timeline, standing, since, recordedAt) }, recordedAt);
}

/** Brings `inForceSince` of the versions whose reigns changed up to date. */
function reckoned(before: Story, after: Story, recordedAt: Instant): Story {
  const { ended, begun } = changedReigns(before.timeline, after.timeline);
  const changed = new Set([...ended, ...begun].map(inForceIn).filter((number) => number > 0));
  let versions = after.versions;
  for (const number of changed) {
    const version = versions[number - 1]!;
    const since = version.inForceSince;
    const first = after.timeline.reigns.find((reign) => inForceIn(reign) === number)?.from;
    const past = since !== null && since <= recordedAt ? since : undefined;
    const inForceSince = first && past ? earlierOf(first, past) : (first ?? past ?? null);
    if (inForceSince !== since) versions = versions.with(number - 1, { ...version, inForceSince });
  }
  return versions === after.versions ? after : { ...after, versions };
}
