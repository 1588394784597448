/** Why a command was refused: a value with a stable code, in words for the person who sent it. */
import type { Reference } from './events.js';
import type { Instant } from './instant.js';

export type Refusal =
  | { code: 'story-exists' }
  | { code: 'story-not-found' }
  | { code: 'version-not-found'; version: number }
  | { code: 'base-needed'; versions: readonly number[] }
  | { code: 'time-in-the-past'; inForceFrom: Instant; recordedAt: Instant }
  | { code: 'import-before-last'; inForceFrom: Instant; last: Instant }
  | { code: 'would-supersede'; versions: readonly number[] }
  | { code: 'already-cancelled'; version: number }
  | { code: 'has-been-in-force'; version: number }
  | { code: 'block-not-found'; key: string }
  | { code: 'statement-not-found'; statement: string }
  | { code: 'too-many-blocks'; blocks: number; limit: number }
  | { code: 'never-in-force'; version: number }
  | { code: 'cannot-restore'; version: number; because: 'never-in-force' | 'hidden' | 'texts-hidden' | 'texts-erased' }
  | { code: 'base-is-restored'; version: number }
  | { code: 'base-hidden'; version: number }
  | { code: 'not-withdrawn' }
  | { code: 'time-not-allowed' }
  | { code: 'version-cancelled'; version: number }
  | { code: 'time-not-between'; version: number; after: Instant | null; before: Instant | null }
  | { code: 'time-only-earlier'; version: number; inForceFrom: Instant }
  | { code: 'time-undoes-version'; version: number; undone: number }
  | { code: 'shown-to-readers'; version: number; references?: readonly Reference[] }
  | { code: 'text-not-found'; reference: Reference }
  | { code: 'correction-not-found'; correction: string }
  | { code: 'withdrawal-not-found'; withdrawal: string }
  | { code: 'hiding-not-found'; hiding: number };

export type RefusalCode = Refusal['code'];

/** What went wrong and what to do, for a person. */
export function explain(refusal: Refusal): string {
  switch (refusal.code) {
    case 'story-exists':
      return 'This story has been published already. Send a new version of it instead.';
    case 'story-not-found':
      return 'There is no such story.';
    case 'version-not-found':
      return `This story has no version ${refusal.version}.`;
    case 'base-needed':
      return `No version is in force and the time asked for is not that of the version this one would build on. Name the version to build on as "base"${refusal.versions.length ? ` (one of ${refusal.versions.join(', ')})` : ''}.`;
    case 'time-in-the-past':
      return `A version cannot come into force at ${refusal.inForceFrom}, before it is recorded (${refusal.recordedAt}). Leave "inForceFrom" out for now; only an import ("imported": true) may lie in the past.`;
    case 'import-before-last':
      return `An import extends a story's history and cannot lie before its latest time, ${refusal.last}, nor a withdrawal at the very time of a version that readers had; this one would count from ${refusal.inForceFrom}.`;
    case 'would-supersede':
      return `This would cancel ${list(refusal.versions)}, which would have come into force later. If that is meant, send "supersedes": [${refusal.versions.join(', ')}].`;
    case 'already-cancelled':
      return `Version ${refusal.version} is cancelled already.`;
    case 'has-been-in-force':
      return `Version ${refusal.version} has been in force, so it cannot be cancelled: what readers were given stays true. Write a new version, or withdraw the story.`;
    case 'block-not-found':
      return `The body has no block with the key "${refusal.key}".`;
    case 'statement-not-found':
      return `The version this one builds on has no statement "${refusal.statement}".`;
    case 'too-many-blocks':
      return `The version would have ${refusal.blocks} blocks; at most ${refusal.limit} are allowed.`;
    case 'never-in-force':
      return `Version ${refusal.version} has never been in force, so there is nothing of it to correct.`;
    case 'cannot-restore':
      return `Version ${refusal.version} cannot be brought back: ${unrestorable[refusal.because]}.`;
    case 'base-is-restored':
      return `A restoration builds on the version it brings back. Leave "base" out, or name version ${refusal.version}.`;
    case 'base-hidden':
      return `Version ${refusal.version}, which this one would build on, is hidden, and its words would be shown again. If that is meant, send "base": ${refusal.version}.`;
    case 'not-withdrawn':
      return 'This story is not withdrawn.';
    case 'time-not-allowed':
      return 'A withdrawal or a reinstatement takes effect when it is recorded. Leave "at" out; only an import ("imported": true) may name it.';
    case 'version-cancelled':
      return `Version ${refusal.version} is cancelled: it has no time any more.`;
    case 'time-not-between':
      return `The time of version ${refusal.version} can be corrected only ${between(refusal)}, between the versions beside it.`;
    case 'time-only-earlier':
      return `Version ${refusal.version} has been in force from ${refusal.inForceFrom} on; its time can be corrected only to an earlier one.`;
    case 'time-undoes-version':
      return `With that time version ${refusal.undone} would never have been in force. What readers were given stays true.`;
    case 'shown-to-readers':
      return `Version ${refusal.version} is what readers are given, or will be${refusal.references ? ', and holds this' : ''}. Correct it first (in the same request with "replacement", where words are taken away), or send "force": true.`;
    case 'text-not-found':
      return `Nothing called "${refusal.reference[1]}" was written at revision ${refusal.reference[0]} of this story.`;
    case 'correction-not-found':
      return `This story has no correction "${refusal.correction}".`;
    case 'withdrawal-not-found':
      return `This story has no withdrawal "${refusal.withdrawal}".`;
    case 'hiding-not-found':
      return `Nothing is hidden by a hiding at revision ${refusal.hiding} of this story.`;
  }
}

const list = (versions: readonly number[]) => `version${versions.length > 1 ? 's' : ''} ${versions.join(', ')}`;

const unrestorable = {
  'never-in-force': 'it has never been in force',
  hidden: 'it is hidden. Show it first',
  'texts-hidden': 'some of its words are hidden. Show them first, or write a new version',
  'texts-erased': 'some of its words are erased. Write a new version',
} as const;

const between = ({ after, before }: { after: Instant | null; before: Instant | null }) =>
  [...(after ? [`after ${after}`] : []), ...(before ? [`before ${before}`] : [])].join(' and ');
