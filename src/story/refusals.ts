/** Why a command was refused: a value with a stable code, in words for the person who sent it. */
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
  | { code: 'too-many-blocks'; blocks: number; limit: number };

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
      return `An import extends a story's history and cannot lie before its latest time, ${refusal.last}; this one would be in force from ${refusal.inForceFrom}.`;
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
  }
}

const list = (versions: readonly number[]) => `version${versions.length > 1 ? 's' : ''} ${versions.join(', ')}`;
