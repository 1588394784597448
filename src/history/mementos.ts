/** A story's versions as archives know them (RFC 7089): those that readers were given and may still read. */
import { earlierOf, type Instant } from '../story/instant.js';
import { addressOf } from './addresses.js';
import type { Memento, MementoAnswer, MementosAnswer, OriginalAnswer } from './answers.js';
import { type Looking, readable, slugFor } from './looking.js';
import type { Answer } from './refusals.js';

const originalOf = (looking: Looking): OriginalAnswer => ({
  story: { id: looking.row.id, slug: slugFor(looking) },
  url: addressOf(looking),
});

/** Where only what is in force is public, that is the one there is; null otherwise. */
const onlyOne = ({ viewing, standing }: Looking): number | null =>
  viewing.publicHistory === 'none' ? standing.shown : null;

export function describeMementos(looking: Looking): MementosAnswer {
  const only = onlyOne(looking);
  const mementos = looking.tables.shownVersions(looking.row.id, looking.now);
  return {
    ...originalOf(looking),
    mementos: mementos.filter(({ version }) => only === null || version === only).map((memento) => ({ ...memento })),
  };
}

/**
 * Which version an instant means: the one that readers were given, in a withdrawal the one before it, before the first
 * the first. That one may have been hidden since.
 */
export function versionMeant(looking: Looking, at: Instant): number | undefined {
  const { tables, row, now, standing } = looking;
  const only = onlyOne(looking);
  if (only !== null) return only;
  const meant = tables.reignAt(row.id, earlierOf(at, now))?.version;
  return meant ?? tables.versionAfter(row.id, 0, now, false) ?? standing.shown ?? undefined;
}

export function describeMemento(looking: Looking, version: number): Answer<MementoAnswer> {
  const { tables, row, now } = looking;
  const read = readable(looking, version);
  if (!read.ok && read.refusal.code !== 'version-hidden') return read;
  const only = onlyOne(looking);
  const before = (number: number) => (only === null ? tables.versionBefore(row.id, number, now, false) : null);
  const after = (number: number) => (only === null ? tables.versionAfter(row.id, number, now, false) : null);
  const memento = (number: number | null): Memento | null =>
    number === null ? null : { version: number, from: tables.inForceSince(row.id, number)! };
  const itself = memento(read.ok ? version : null);
  return {
    ok: true,
    value: {
      ...originalOf(looking),
      version,
      memento: itself,
      first: only === null ? memento(after(0)) : itself,
      previous: memento(before(version)),
      next: memento(after(version)),
      last: only === null ? memento(before(Number.MAX_SAFE_INTEGER)) : itself,
    },
  };
}
