/**
 * Whether an event may follow those before it: what `decide` let through once, asked again of the record alone. So a log
 * that somebody wrote to by another way is found out even where its chain is unbroken.
 */
import { v5 as uuidv5 } from 'uuid';
import { referencesOf } from '../story/content-of.js';
import { isVersionEvent, type RecordedFacts, type Reference } from '../story/events.js';
import { type Story, versionOf } from '../story/evolve.js';
import { hasBeenInForce } from '../story/questions.js';
import { reignAt } from '../story/timeline.js';

export type IllegalityCode =
  | 'unknown-type'
  | 'not-begun-by-publish'
  | 'event-id-not-of-command'
  | 'time-not-later'
  | 'version-number'
  | 'no-such-version'
  | 'time-in-the-past'
  | 'import-before-last'
  | 'not-superseded'
  | 'not-cancellable'
  | 'not-correctable'
  | 'not-withdrawn'
  | 'no-such-notice'
  | 'reference-to-nothing';

export interface Illegality {
  code: IllegalityCode;
  detail: string;
}

/** The events of a story before the one in question, as far as judging it needs them. */
export interface Past {
  story: Story;
  last?: RecordedFacts;
  /** How many events of the last one's command there are. */
  ofLastCommand: number;
  /** By revision. */
  textNames: readonly ReadonlySet<string>[];
}

/** Everything that is wrong with `event` as the next one; empty if it may stand there. */
export function illegalitiesOf(event: RecordedFacts, past: Past): Illegality[] {
  const { story, last } = past;
  const found: Illegality[] = [];
  const wrong = (code: IllegalityCode, detail: string) => found.push({ code, detail });
  const { commandId, eventId, recordedAt } = event.metadata;
  const continues = last?.metadata.commandId === commandId;

  if ((event.type === 'StoryPublished') !== (event.revision === 0)) {
    wrong('not-begun-by-publish', 'a story begins with StoryPublished and has no second one');
  }
  if (eventId !== uuidv5(String(continues ? past.ofLastCommand : 0), commandId)) {
    wrong('event-id-not-of-command', `event id ${eventId} is not made from command ${commandId} and its place in it`);
  }
  if (last && (continues ? recordedAt !== last.metadata.recordedAt : recordedAt <= last.metadata.recordedAt)) {
    const rule = continues ? 'the one clock reading of its command is' : 'it must be later than the command before it,';
    wrong('time-not-later', `recorded at ${recordedAt}; ${rule} ${last.metadata.recordedAt}`);
  }
  for (const version of versionsNamed(event)) {
    if (!versionOf(story, version)) wrong('no-such-version', `names version ${version}, which is not there`);
  }
  for (const [revision, name] of referencesIn(event)) {
    const there = revision === event.revision ? event.textNames.includes(name) : past.textNames[revision]?.has(name);
    if (!there)
      wrong('reference-to-nothing', `names the text ${name} of revision ${revision}, which was never written`);
  }
  judge(event, story, continues, wrong);
  return found;
}

function judge(
  event: RecordedFacts,
  story: Story,
  continues: boolean,
  wrong: (code: IllegalityCode, detail: string) => void,
): void {
  const { recordedAt } = event.metadata;
  switch (event.type) {
    case 'StoryPublished':
    case 'StoryUpdated':
    case 'StatementAdded':
    case 'CorrectionIssued':
    case 'VersionRestored':
      judgeVersion(event, story, continues, wrong);
      return;
    case 'VersionCancelled': {
      const version = versionOf(story, event.data.version);
      if (version && (version.cancelled || hasBeenInForce(version, recordedAt))) {
        wrong('not-cancellable', `version ${version.version} is cancelled already or has been in force`);
      }
      return;
    }
    case 'VersionTimeCorrected': {
      const version = versionOf(story, event.data.version);
      if (!version) return;
      const been = hasBeenInForce(version, recordedAt);
      const { inForceFrom } = event.data;
      if (version.cancelled || (been ? inForceFrom >= version.inForceFrom : inForceFrom < recordedAt)) {
        wrong('not-correctable', `version ${version.version} cannot come into force at ${inForceFrom}`);
      }
      return;
    }
    case 'StoryWithdrawn':
    case 'StoryReinstated': {
      const { at, imported } = event.data;
      if (at < recordedAt && !imported) wrong('time-in-the-past', `takes effect at ${at} and is no import`);
      if (event.type === 'StoryReinstated' && !reignAt(story.timeline, at)?.withdrawal) {
        wrong('not-withdrawn', `the story is not withdrawn at ${at}`);
      }
      return;
    }
    case 'NoticeAmended': {
      const { correction, withdrawal } = event.data;
      const known = correction === undefined ? story.withdrawals : story.corrections;
      if (!known.some(({ id }) => id === (correction ?? withdrawal))) {
        wrong('no-such-notice', 'amends the notice of nothing that was recorded');
      }
      return;
    }
    case 'ChangeNoteAmended':
    case 'VersionReclassified':
    case 'VersionLabelled':
    case 'VersionHidden':
    case 'VersionShown':
    case 'SlugChanged':
    case 'TextsHidden':
    case 'TextsShown':
    case 'TextsErased':
      return;
    default:
      wrong('unknown-type', `there is no event ${String((event as { type: unknown }).type)}`);
  }
}

function judgeVersion(
  { data, metadata: { recordedAt } }: Extract<RecordedFacts, { data: { manifest: unknown } }>,
  story: Story,
  continues: boolean,
  wrong: (code: IllegalityCode, detail: string) => void,
): void {
  const { version, inForceFrom, imported } = data;
  const begun = continues ? versionOf(story, version) : undefined;
  if (begun) {
    if (version !== story.versions.length || inForceFrom !== begun.inForceFrom) {
      wrong('version-number', `a further event of the command that made version ${begun.version} says otherwise`);
    }
    return;
  }
  if (version !== story.versions.length + 1) {
    wrong('version-number', `makes version ${version} where ${story.versions.length + 1} is next`);
  }
  const standing = story.versions.filter((one) => !one.cancelled);
  if (inForceFrom < recordedAt) {
    if (!imported) wrong('time-in-the-past', `in force from ${inForceFrom} and no import`);
    const times = [...standing.map((one) => one.inForceFrom), ...story.timeline.withdrawals.map(({ from }) => from)];
    const later = times.find((time) => time > inForceFrom);
    if (later) wrong('import-before-last', `in force from ${inForceFrom}, before ${later}`);
  }
  for (const other of standing) {
    if (!hasBeenInForce(other, recordedAt) && other.inForceFrom >= inForceFrom) {
      wrong('not-superseded', `version ${other.version} would come into force later and was not cancelled`);
    }
  }
}

/** Versions that an event takes to be there; the one it makes is none of them. */
function versionsNamed(event: RecordedFacts): number[] {
  const data = event.data as { version?: number; base?: number | null; restored?: number; corrects?: number[] };
  const made = isVersionEvent(event);
  return [...(made ? [] : [data.version]), data.base, data.restored, ...(data.corrects ?? [])].filter(
    (version) => version !== undefined && version !== null,
  );
}

function referencesIn(event: RecordedFacts): readonly Reference[] {
  if (isVersionEvent(event)) return referencesOf(event.data.manifest);
  const { references } = event.data as { references?: readonly Reference[] };
  return references ?? [];
}
