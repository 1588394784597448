/**
 * Whether an event may follow those before it: what `decide` let through once, asked again of the record alone. So a log
 * that somebody wrote to by another way is found out even where its chain is unbroken.
 */
import { v5 as uuidv5 } from 'uuid';
import { referencesOf } from '../story/content-of.js';
import { whyNotAt } from '../story/decide-amend.js';
import { presentWithdrawal } from '../story/decide-standing.js';
import { unrestorable } from '../story/decide-version.js';
import { isVersionEvent, type RecordedFacts, type Reference } from '../story/events.js';
import { type Story, textKey, versionOf } from '../story/evolve.js';
import { lastTime } from '../story/questions.js';
import { explain } from '../story/refusals.js';
import { hasBeenInForce } from '../story/visibility.js';

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
  | 'not-its-time'
  | 'not-hidden'
  | 'not-restorable'
  | 'not-yet-in-force'
  | 'correction-twice'
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
      judgePast(event, story, wrong);
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
      const refusal = version && whyNotAt(story, version, event.data.inForceFrom, recordedAt);
      if (refusal) wrong('not-correctable', explain(refusal));
      return;
    }
    case 'StoryWithdrawn':
    case 'StoryReinstated': {
      const { at, imported } = event.data;
      if (at > recordedAt || (at < recordedAt && !imported)) {
        wrong(
          'not-its-time',
          `takes effect at ${at}, is recorded at ${recordedAt}${imported ? '' : ' and is no import'}`,
        );
      }
      const last = lastTime(story);
      if (last && at < recordedAt && at < last) wrong('import-before-last', `takes effect at ${at}, before ${last}`);
      if (event.type === 'StoryReinstated' && !presentWithdrawal(story)) {
        wrong('not-withdrawn', 'the story is not withdrawn');
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
    case 'VersionShown':
      if (versionOf(story, event.data.version)?.hidden === false) {
        wrong('not-hidden', `version ${event.data.version} is not hidden`);
      }
      return;
    case 'TextsShown':
      for (const [revision, name] of event.data.references) {
        if (!story.hiddenTexts.has(textKey([revision, name]))) {
          wrong('not-hidden', `the text ${name} of revision ${revision} is not hidden`);
        }
      }
      return;
    case 'ChangeNoteAmended':
    case 'VersionReclassified':
    case 'VersionLabelled':
    case 'VersionHidden':
    case 'SlugChanged':
    case 'TextsHidden':
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

/** What an act says of earlier versions: only of such as readers had. */
function judgePast(event: RecordedFacts, story: Story, wrong: (code: IllegalityCode, detail: string) => void): void {
  const { recordedAt } = event.metadata;
  if (event.type === 'VersionRestored') {
    const restored = versionOf(story, event.data.restored);
    const because = restored && unrestorable(story, restored, recordedAt);
    if (because) wrong('not-restorable', `version ${event.data.restored} cannot be brought back: ${because}`);
  }
  if (event.type !== 'CorrectionIssued') return;
  if (story.corrections.some(({ id }) => id === event.data.correction)) {
    wrong('correction-twice', `correction ${event.data.correction} is there already`);
  }
  for (const number of event.data.corrects) {
    const corrected = versionOf(story, number);
    if (corrected && !hasBeenInForce(corrected, recordedAt)) {
      wrong('not-yet-in-force', `corrects version ${number}, which readers never had`);
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
