/** The desk's words: for events, for what readers find, and for refusals, in the publisher's time. */
import { full, timeText } from '../reading/times.js';
import type { Reference, StoryEvent } from '../story/events.js';
import type { Instant } from '../story/instant.js';
import type { StoryStatus } from '../story/visibility.js';
import type { Refusal } from '../web/problem.js';
import type { Group, Typed, Wrong } from './fields.js';

/** An event as far as it is known: what will happen has its facts, what has happened perhaps a version's number alone. */
export interface Told {
  type: StoryEvent['type'];
  version?: number | undefined;
  data?: StoryEvent['data'];
}

/** `3 texts are`; `texts are` where it is not known how many. Fingerprints of requests are no words of anybody's. */
const texts = ({ references }: { references?: unknown }): string => {
  const count = (references as Reference[] | undefined)?.filter(([, name]) => name !== 'request').length;
  return count === 1 ? '1 text is' : `${count === undefined ? '' : `${count} `}texts are`;
};

/** What has become of an erasure, for who asked for it. */
export const erasureWords = (state: string): string =>
  state === 'complete'
    ? 'The words are erased: no file of this service holds them any more.'
    : 'The words are erased: nobody is given them any more. Some file may hold them a little longer; palimpsest verify tells.';

/** `version 4`, `versions 1–3, 5`. */
export function list(numbers: readonly number[]): string {
  const runs: number[][] = [];
  for (const number of numbers) {
    if (runs.at(-1)?.at(-1) === number - 1) runs.at(-1)!.push(number);
    else runs.push([number]);
  }
  const told = runs.flatMap((run) => (run.length > 2 ? `${run[0]}–${run.at(-1)}` : run.map(String)));
  return `version${numbers.length === 1 ? '' : 's'} ${told.join(', ')}`;
}

const sentence = (text: string) => `${text[0]!.toUpperCase()}${text.slice(1)}.`;

/** What an event records, in one sentence. */
export function eventWords({ type, version: told, data = {} }: Told, zone: string): string {
  const facts = data as { [fact: string]: unknown };
  const version = told ?? (facts.version as number | undefined);
  const numbered = version === undefined ? 'a version' : `version ${version}`;
  const time = (at: unknown) => timeText(at as Instant, zone, full);
  switch (type) {
    case 'StoryPublished':
      return sentence(`the story is published as ${numbered}`);
    case 'StoryUpdated':
      return sentence(`${numbered} is written${facts.significance === 'minor' ? ', a minor update' : ''}`);
    case 'StatementAdded':
      return sentence(`a statement is added in ${numbered}`);
    case 'CorrectionIssued': {
      const corrects = facts.corrects as number[] | undefined;
      const of = corrects?.length ? ` of ${list(corrects)}` : '';
      const kind = { correction: 'a correction', clarification: 'a clarification', 'editors-note': 'an editor’s note' }[
        (facts.kind as 'correction') ?? 'correction'
      ];
      return sentence(`${kind}${of} is issued with ${numbered}`);
    }
    case 'VersionRestored':
      return sentence(
        facts.restored === undefined
          ? `an earlier version is brought back as ${numbered}`
          : `version ${facts.restored} is brought back as ${numbered}`,
      );
    case 'VersionCancelled':
      return sentence(
        `${numbered} is cancelled and never comes into force${facts.supersededBy === undefined ? '' : `: version ${facts.supersededBy} takes its place`}`,
      );
    case 'StoryWithdrawn':
      return sentence(
        facts.kind === undefined
          ? 'the story is withdrawn, or how it is withdrawn changes'
          : `the story is ${withdrawnAs[facts.kind as keyof typeof withdrawnAs]}`,
      );
    case 'StoryReinstated':
      return sentence('the story is reinstated');
    case 'NoticeAmended':
      return sentence(
        facts.withdrawal === undefined ? 'the notice of a correction changes' : 'the notice of the withdrawal changes',
      );
    case 'ChangeNoteAmended':
      return sentence(`the change note of ${numbered} changes`);
    case 'VersionTimeCorrected':
      return sentence(`the time of ${numbered} is changed${facts.inForceFrom ? ` to ${time(facts.inForceFrom)}` : ''}`);
    case 'VersionReclassified':
      return sentence(`${numbered} is reclassified${facts.significance ? ` as ${facts.significance}` : ''}`);
    case 'VersionLabelled':
      return sentence(`the labels of ${numbered} change`);
    case 'SlugChanged':
      return sentence('the story gets another address; the names it had lead to it');
    case 'VersionHidden':
      return sentence(`${numbered} is hidden from readers`);
    case 'VersionShown':
      return sentence(`${numbered} is shown to readers again`);
    case 'TextsHidden':
      return sentence(`${texts(facts)} hidden from readers wherever they stand`);
    case 'TextsShown':
      return sentence(`${texts(facts)} shown again`);
    case 'TextsErased':
      return sentence(`${texts(facts)} erased for ever, wherever they stand`);
  }
}

const withdrawnAs = {
  unpublished: 'unpublished',
  retracted: 'retracted',
  killed: 'killed: it must not be used',
  takedown: 'taken down by legal demand',
} as const;

/** What readers who come to the story are given. */
export function readersFind(status: StoryStatus, versionInForce: number): string {
  switch (status) {
    case 'not-yet-in-force':
      return 'Nothing: its address answers 404 Not found, as if there were no story.';
    case 'published':
      return versionInForce === 0 ? 'Nothing is in force.' : `Version ${versionInForce}.`;
    case 'unpublished':
      return 'The story and all its versions answer 410 Gone, with no explanation.';
    case 'retracted':
      return 'The story’s page stays (200), with the notice above the last text; its versions stay open, with the notice.';
    case 'killed':
      return 'The story answers 410 Gone with the notice; its versions answer 410.';
    case 'takedown':
      return 'The story and its versions answer 451 Unavailable for legal reasons, with the notice if there is one.';
  }
}

/** Where a refusal can be answered in a form. */
const fields: { [code: string]: string } = {
  'would-supersede': 'supersedes',
  'time-in-the-past': 'from',
  'import-before-last': 'from',
  'time-not-between': 'from',
  'time-only-earlier': 'from',
  'time-undoes-version': 'from',
  'slug-taken': 'slug',
  'shown-to-readers': 'force',
  'base-hidden': 'base',
  'too-many-blocks': 'body',
  'never-in-force': 'corrects',
};

/** A refusal in words for somebody at the desk, who knows nothing of requests and their members. */
export function wrongOf(refusal: Refusal, zone: string, mayForce: boolean): Wrong {
  const field = refusal.code === 'shown-to-readers' && !mayForce ? undefined : fields[refusal.code];
  return { ...(field !== undefined && { field }), detail: detailOf(refusal, zone, mayForce) };
}

function detailOf(refusal: Refusal, zone: string, mayForce: boolean): string {
  const facts = refusal as { [fact: string]: unknown };
  const at = (instant: unknown) => timeText(instant as Instant, zone, { ...full, exact: true });
  const versions = (facts.versions ?? []) as number[];
  switch (refusal.code) {
    case 'story-changed':
      return 'The story has changed since you began. What you typed is kept: look at what has happened, then go on.';
    case 'would-supersede':
      return versions.length > 0
        ? `This would cancel ${list(versions)}, which would have come into force later. Tick below that this is meant, or choose a later time.`
        : 'The versions that this was to cancel are no longer waiting. Look again, then go on.';
    case 'time-in-the-past':
      return `${at(facts.inForceFrom)} has passed. Choose a later time, or leave it empty for at once.`;
    case 'import-before-last':
      return `The story’s last time is ${at(facts.last)}; this one lies before it.`;
    case 'time-not-between':
      return `That version’s time can be changed only ${[
        ...(facts.after ? [`to after ${at(facts.after)}`] : []),
        ...(facts.before ? [`to before ${at(facts.before)}`] : []),
      ].join(' and ')}: it keeps its place between the versions beside it.`;
    case 'time-only-earlier':
      return `It has been in force from ${at(facts.inForceFrom)} on, so its time can only be made earlier.`;
    case 'base-needed':
      return `It isn’t clear which version to build on. Begin from one of the story’s versions${versions.length > 0 ? ` (${list(versions)})` : ''}.`;
    case 'base-hidden':
      return `Version ${facts.version} is hidden, and its words would be shown again. Tick below if that is meant.`;
    case 'shown-to-readers':
      return `Version ${facts.version} is what readers are given, or will be. Correct it first${mayForce ? ', or tick below that it is meant all the same' : ''}.`;
    case 'store-unavailable':
      return 'The event store does not answer, and it isn’t known whether this was recorded. Look at the story’s desk before you try again.';
    case 'base-is-restored':
      return 'A restoration builds on the version it brings back.';
    case 'forbidden':
      return `You don’t have the right to do this (${facts.right}).`;
    default:
      return refusal.detail;
  }
}

/** What has to be ticked before a change goes on that does more than it says, if it has been refused for that. */
export function confirmations(typed: Typed, refusal?: Refusal): Group[] {
  const facts = (refusal ?? {}) as { [fact: string]: unknown };
  const fields: Group['fields'][number][] = [];
  const superseded =
    refusal?.code === 'would-supersede' ? (facts.versions as number[]).join(', ') : (typed.supersedes ?? '');
  if (superseded) {
    const numbers = superseded.split(', ').map(Number);
    fields.push({ kind: 'check', name: 'supersedes', value: superseded, label: `Cancel ${list(numbers)}` });
  }
  const base = refusal?.code === 'base-hidden' ? String(facts.version) : typed.base;
  if (base) {
    fields.push({ kind: 'check', name: 'base', value: base, label: `Build on version ${base}, though it is hidden` });
  }
  if (refusal?.code === 'shown-to-readers' || typed.force) {
    fields.push({ kind: 'check', name: 'force', value: 'yes', label: 'Do it all the same, to what readers are given' });
  }
  return fields.length > 0 ? [{ legend: 'Is this meant?', fields }] : [];
}
