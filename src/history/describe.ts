/** Puts answers about a story and its versions together, from what the viewer who is looking may know. */
import type { Config } from '../config.js';
import type { Absent, Content } from '../content/types.js';
import { referencesOf, shown } from '../story/content-of.js';
import type { Editor, Reference } from '../story/events.js';
import { textKey } from '../story/evolve.js';
import type { Instant } from '../story/instant.js';
import { isWaiting } from '../story/questions.js';
import { inForceIn } from '../story/timeline.js';
import { hasBeenInForce, statusOf } from '../story/visibility.js';
import type { CorrectionRow, WithdrawalRow } from '../views/notices.js';
import type { ReignRow } from '../views/reigns.js';
import type { VersionRow } from '../views/versions.js';
import { urlOf } from './addresses.js';
import type {
  ChangeSize,
  CorrectionAnswer,
  InForce,
  StoryAnswer,
  VersionAnswer,
  VersionItem,
  WithdrawalAnswer,
  WithdrawnPeriod,
} from './answers.js';
import type { Caches } from './caches.js';
import {
  isStaff,
  knows,
  knowsNumber,
  type Looking,
  noticeOf,
  publicNotice,
  sees,
  slugFor,
  textsFor,
  versionRow,
} from './looking.js';

/** How the publisher wants answers to be. */
export type Policy = Pick<Config, 'publicHistory' | 'editorsNames'>;

export interface Describing {
  policy: Policy;
  caches: Caches;
  /** Whether the viewer may write. */
  writes: boolean;
  /** Leaves out how much a version changed. */
  unmeasured?: true;
}

/** Whether earlier versions are not for this viewer. */
export const onlyPresent = ({ viewing }: Looking) => viewing.audience === 'public' && viewing.publicHistory === 'none';

/** In force by then, for readers; staff have them all. */
export const boundOf = (looking: Looking): Instant | null => (isStaff(looking) ? null : looking.now);

export function describeStory(
  looking: Looking,
  { writes, caches }: Pick<Describing, 'writes' | 'caches'>,
): StoryAnswer {
  const { tables, row, now, standing, reign, withdrawal } = looking;
  const inForce = caches.count(looking, 'by now');
  const known = isStaff(looking) ? caches.count(looking, 'all') : inForce;
  const present = onlyPresent(looking) && standing.shown !== null ? versionRow(looking, standing.shown) : undefined;
  const url = urlOf(looking);
  return {
    id: row.id,
    slug: slugFor(looking),
    ...(url !== undefined && { url }),
    status: statusOf(standing),
    firstPublishedAt: inForce.first,
    lastUpdatedAt: present ? present.inForceSince : inForce.last,
    versions: present ? 1 : known.versions,
    ...(withdrawal && { withdrawal: describeWithdrawal(looking, withdrawal) }),
    ...(writes && {
      revision: row.revision,
      versionInForce: inForceIn(reign),
    }),
    ...(isStaff(looking) && { waiting: tables.waitingVersions(row.id, now).map((waiting) => ({ ...waiting })) }),
  };
}

export const describeWithdrawal = (looking: Looking, withdrawal: WithdrawalRow): WithdrawalAnswer => ({
  ...idFor(looking, withdrawal),
  kind: withdrawal.kind,
  from: withdrawal.at,
  notice: noticeOf(looking, withdrawal),
});

const idFor = (looking: Looking, { id }: WithdrawalRow) => (isStaff(looking) ? { id } : {});

/** What is still to come does not end a reign for a reader. */
export const describeReign = (looking: Looking, { from, until }: Pick<ReignRow, 'from' | 'until'>): InForce => ({
  from,
  until: until !== null && until > looking.now && !isStaff(looking) ? null : until,
});

function reignsFor(looking: Looking, version: number): InForce[] {
  const reigns = looking.tables.reignsOf(looking.row.id, version);
  return reigns
    .filter(({ from }) => isStaff(looking) || from <= looking.now)
    .map((reign) => describeReign(looking, reign));
}

/** The revisions of the events that made a version. */
const madeBy = ({ revision, acts }: VersionRow, other: number) => other <= revision && other > revision - acts.length;

/** Versions that the viewer may know of, with what they may see of them. */
export function describeItems(looking: Looking, rows: readonly VersionRow[], describing: Describing): VersionItem[] {
  const references = rows.filter((row) => sees(looking, row)).flatMap(itemTexts);
  const find = textsFor(looking, references);
  const text = (revision: number | null | undefined, name: string) =>
    revision === null || revision === undefined ? null : (shown(find(revision, name)) as string | Absent);

  const corrections = rows.some(({ acts }) => acts.includes('CorrectionIssued'))
    ? looking.tables.corrections(looking.row.id)
    : [];

  return rows.map((row): VersionItem => {
    const { version, inForceFrom, recordedAt, imported, hidden, cancelled, supersededBy } = row;
    const { reign, now } = looking;
    const waiting = isWaiting(row, now);
    const times = {
      version,
      inForceFrom,
      recordedAt,
      ...(imported && { imported: true as const }),
      ...(inForceIn(reign) === version && { current: true as const }),
      ...(hidden && { hidden: true as const }),
      reigns: reignsFor(looking, version),
    };
    if (!sees(looking, row)) {
      return { ...times, acts: [], significance: null, headline: null, note: null, statements: [], changes: null };
    }
    const correction = corrections.find((one) => one.version === version);
    const added = row.statements.filter(({ revision }) => madeBy(row, revision));
    const editor = editorFor(looking, describing.policy, find(row.revision, 'editor'));
    return {
      ...times,
      acts: row.acts,
      significance: row.significance,
      headline: text(row.fields.headline, 'headline'),
      note: text(row.noteRevision, 'note'),
      statements: added.map(({ revision, organisation }) => ({
        speaker: text(revision, 'speaker')!,
        ...(organisation && { organisation: text(revision, 'organisation')! }),
      })),
      changes: describing.unmeasured ? null : changesFor(looking, row, describing.caches),
      ...(editor && { editor }),
      ...(correction && { correction: correction.kind }),
      ...(row.restored !== null && knowsNumber(looking, row.restored) && { restored: row.restored }),
      ...(isStaff(looking) && {
        ...(waiting && { waiting: true as const }),
        ...(cancelled && { cancelled: true as const }),
        ...(supersededBy !== null && { supersededBy }),
        labels: labelsOf(text(row.labelsRevision, 'labels')),
      }),
    };
  });
}

/** The texts that a list shows of a version. */
const itemTexts = (row: VersionRow): Reference[] => {
  const at = (revision: number | null | undefined, name: string): Reference[] =>
    revision === null || revision === undefined ? [] : [[revision, name]];
  return [
    ...at(row.fields.headline, 'headline'),
    ...at(row.noteRevision, 'note'),
    ...at(row.labelsRevision, 'labels'),
    ...row.statements.flatMap(({ revision }) => at(madeBy(row, revision) ? revision : null, 'speaker')),
    [row.revision, 'editor'],
  ];
};

const labelsOf = (labels: unknown): string[] => (Array.isArray(labels) ? labels : []);

export function editorFor(
  looking: Looking,
  { editorsNames }: Policy,
  found: ReturnType<ReturnType<typeof textsFor>>,
): VersionItem['editor'] {
  if (!isStaff(looking) && editorsNames === 'none') return undefined;
  if ('value' in found) {
    const { id, name } = found.value as Editor;
    return isStaff(looking) ? { id, name } : { name };
  }
  // Events that nobody is named for have no such text at all.
  return found.absent === 'missing' ? undefined : { _absent: found.absent };
}

/** What a version is measured against: for staff its base, for readers the one in force before it that they may see. */
export function againstOf(looking: Looking, row: VersionRow): number | null {
  if (isStaff(looking)) return row.base;
  return onlyPresent(looking) ? null : looking.tables.versionBefore(looking.row.id, row.version, looking.now, false);
}

function changesFor(looking: Looking, row: VersionRow, caches: Caches): ChangeSize {
  if (isStaff(looking)) return { against: row.base, words: row.words };
  const against = isOnlyOne(looking, caches) ? null : againstOf(looking, row);
  if (against === row.base && looking.hidden.size === 0) return { against, words: row.words };
  // Where it is still being counted the answer is put together again.
  return { against, words: caches.size(looking, against, row.version) ?? { added: 0, removed: 0 } };
}

/** A version that the viewer may read, whole. */
export const describeVersion = (looking: Looking, row: VersionRow, describing: Describing): VersionAnswer =>
  describing.caches.version(looking, row.version, describing.writes, (content) =>
    describeWith(content, looking, row, describing),
  );

function describeWith(content: Content, looking: Looking, row: VersionRow, describing: Describing): VersionAnswer {
  const { tables, hidden } = looking;
  const { id } = looking.row;
  const [item] = describeItems(looking, [row], describing);
  const isHidden = (reference: Reference) => hidden.has(textKey(reference));
  const hiddenTexts =
    isStaff(looking) && hidden.size > 0 ? referencesOf(tables.manifest(id, row.version)!).filter(isHidden) : [];
  return {
    ...item!,
    story: describeStory(looking, describing),
    content,
    ...(hiddenTexts.length > 0 && { hiddenTexts: hiddenTexts.map(([revision, name]) => ({ revision, name })) }),
    corrections: describeCorrections(
      looking,
      ({ version, corrects }) => version <= row.version || corrects.includes(row.version),
    ),
    ...(isOnlyOne(looking, describing.caches) ? noNeighbours : neighboursOf(looking, row.version)),
  };
}

/** Whether the viewer may know of no more than one version. */
const isOnlyOne = (looking: Looking, caches: Caches): boolean =>
  caches.count(looking, isStaff(looking) ? 'all' : 'by now').versions === 1;

const noNeighbours = { previous: null, next: null };

/** Where a version that may not be read stands among the others. */
export const describePlace = (looking: Looking, version: number) => ({
  reigns: reignsFor(looking, version),
  ...neighboursOf(looking, version),
});

function neighboursOf(looking: Looking, version: number): Pick<VersionAnswer, 'previous' | 'next'> {
  if (onlyPresent(looking)) return noNeighbours;
  const { tables, row } = looking;
  const bound = boundOf(looking);
  return { previous: tables.versionBefore(row.id, version, bound), next: tables.versionAfter(row.id, version, bound) };
}

/** A correction once its own version has come into force; one not yet there, or taken back, is for staff alone. */
export function describeCorrection(looking: Looking, correction: CorrectionRow): CorrectionAnswer | undefined {
  const { now } = looking;
  const own = versionRow(looking, correction.version)!;
  const at = hasBeenInForce(own, now) ? own.inForceSince : null;
  const notice = noticeOf(looking, correction);
  if (!isStaff(looking) && (at === null || notice === null)) return undefined;
  const against = sees(looking, own) ? againstOf(looking, own) : null;
  return {
    id: correction.id,
    kind: correction.kind,
    ...(knows(looking, own) && { version: own.version }),
    corrects: correction.corrects.filter((number) => knowsNumber(looking, number)),
    at,
    notice,
    ...(against !== null && differ(looking, against, own.version) && { against }),
  };
}

/** Whether two versions refer to other texts, or to the same ones in another order. */
const differ = ({ tables, row }: Looking, one: number, other: number): boolean =>
  JSON.stringify(tables.manifest(row.id, one)) !== JSON.stringify(tables.manifest(row.id, other));

/** The story's corrections that `wanted` holds for, as the viewer may be told of them. */
export const describeCorrections = (looking: Looking, wanted: (correction: CorrectionRow) => boolean) =>
  looking.tables
    .corrections(looking.row.id)
    .filter(wanted)
    .flatMap((correction) => describeCorrection(looking, correction) ?? []);

/** Times away after these versions were in force. What readers were given then is no secret, nor that they got nothing. */
export function describeWithdrawals(looking: Looking, versions: ReadonlySet<number>): WithdrawnPeriod[] {
  const { tables, row, now } = looking;
  return tables.withdrawnReigns(row.id).flatMap((reign): WithdrawnPeriod[] => {
    if (!isStaff(looking) && (reign.from > now || onlyPresent(looking))) return [];
    if (reign.version === null ? !isStaff(looking) : !versions.has(reign.version)) return [];
    const withdrawal = tables.withdrawal(row.id, reign.withdrawal)!;
    const notice = isStaff(looking) ? noticeOf(looking, withdrawal) : publicNotice(looking, withdrawal);
    const { kind } = withdrawal;
    return [{ ...idFor(looking, withdrawal), kind, ...describeReign(looking, reign), notice, version: reign.version }];
  });
}
